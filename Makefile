# Two commands on a fresh machine with Python 3.11 or newer: `make demo` and `make test`. Each does its own set-up.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin

.PHONY: demo test coverage site pictures benchmark benchmark-uncertainty benchmark-notebooks templates notebooks catalogue clean

demo: $(VENV)/run.stamp
	$(BIN)/sroi demo

test: $(VENV)/test.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -n logical --dist loadfile --no-loadscope-reorder -m "not alone"
	$(BIN)/python -m pytest -m alone $$(grep -l "mark\.alone" tests/test_*.py)

# Which lines no test reaches. Apart from `test`: to be watched line by line makes the tests take nearly twice as long.
coverage: $(VENV)/test.stamp
	$(BIN)/python -m pytest -n logical --dist loadfile -m "not alone" --cov --cov-report=term:skip-covered

# The documentation as a site: open build/site/index.html. Nothing is fetched, and a warning ends it.
site: $(VENV)/docs.stamp
	$(BIN)/python -m sphinx -W --keep-going -n -q -c docs -d build/site_kept . build/site
	@echo "The site is in build/site: open build/site/index.html."

# The pictures on it, from the case studies; wants chromium, LibreOffice and pdftoppm.
pictures: $(VENV)/test.stamp
	$(BIN)/python docs/pictures.py

benchmark: $(VENV)/test.stamp
	$(BIN)/python benchmarks/start_up.py
	$(BIN)/python benchmarks/workbook.py
	$(BIN)/python benchmarks/formats.py
	$(BIN)/python benchmarks/portfolio.py
	$(BIN)/python benchmarks/register.py
	$(BIN)/python benchmarks/spend.py

# Makes an environment of its own, with the tools that ours is measured beside. QUICK=1 leaves out what takes minutes.
benchmark-uncertainty:
	$(PYTHON) benchmarks/uncertainty.py $(if $(QUICK),--quick)

# Likewise, with papermill's own ways of running notebooks and ploomber-engine beside ours.
benchmark-notebooks:
	$(PYTHON) benchmarks/notebooks.py $(if $(QUICK),--quick)

# The texts of reports, from the reports themselves; translations are brought up to it.
catalogue: $(VENV)/test.stamp
	$(BIN)/python tests/catalogue.py

# What the code writes for people to begin from; a test fails while these are not current.
templates: $(VENV)/run.stamp
	$(BIN)/python -m sroi new templates/value_map.yaml --force
	$(BIN)/python -m sroi new templates/value_map.xlsx --force
	for form in $$($(BIN)/python -c "from sroi.commissioning import FORMS; print(*FORMS)"); do $(BIN)/python -m sroi commission new $$form templates/commissioning/$$form.xlsx --force || exit 1; done
	for form in consider bids_profile bids contract delivery bridge; do $(BIN)/python -m sroi commission new $$form case_studies/procurement/$$form.yaml --example --force || exit 1; done
	$(BIN)/python -m sroi commission bridge case_studies/procurement/delivery.yaml --answers case_studies/procurement/bridge.yaml --to case_studies/procurement/value_map.yaml --force
	for map in case_studies/*/value_map.yaml; do $(BIN)/python -m sroi convert $$map $${map%.yaml}.xlsx --force || exit 1; done

# The lessons' notebooks, from sroi/teaching/lessons/; a test fails while they are not current.
notebooks: $(VENV)/run.stamp
	$(BIN)/python -c "from pathlib import Path; from sroi.teaching.notebooks import write_notebooks; write_notebooks(Path('notebooks'))"

$(VENV)/run.stamp: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	touch $@

$(VENV)/docs.stamp: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[docs]"
	touch $@ $(VENV)/run.stamp

$(VENV)/test.stamp: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[test]"
	touch $@ $(VENV)/run.stamp $(VENV)/docs.stamp

$(VENV)/bin/python:
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11))" || \
		{ echo "sroi needs Python 3.11 or newer; this is $$($(PYTHON) --version). Try: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
		{ rm -rf $(VENV); echo "Python could not make an environment here. On Debian or Ubuntu: sudo apt install python3-venv"; exit 1; }

clean:
	rm -rf $(VENV) .venv-benchmark .venv-benchmark-notebooks build dist demo_report .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage
