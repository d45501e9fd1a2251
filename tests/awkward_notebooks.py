"""Notebooks that are awkward to run: what the warm engine must leave as papermill's own engine leaves it."""

from __future__ import annotations

import json
import re
from typing import Any

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

FAILS = "raises-exception"


def notebook(*cells: str | Any) -> Any:
    """Return a notebook for this Python; a cell whose first line is `# fails` may fail."""
    made = []
    for number, cell in enumerate(cells):
        if isinstance(cell, str):
            cell = new_code_cell(cell)
            if cell.source.startswith("# fails"):
                cell.metadata["tags"] = [FAILS]
        cell["id"] = f"cell{number}"
        made.append(cell)
    made_notebook = new_notebook(cells=made)
    made_notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return made_notebook


STREAMS = notebook(
    new_markdown_cell("# Streams"),
    "",
    "import sys\nprint('one')\nprint('two', file=sys.stderr)\nprint('three')\nsys.stderr.write('four\\n')",
    "for i in range(3):\n    print(i, end=' ', flush=True)\n    print('e', i, file=sys.stderr, flush=True)",
    "import time\nprint('before')\ntime.sleep(0.6)\nprint('after')",
    "print('x' * 300_000)",
    "print('a\\rb\\b\\x1b[31mred\\x1b[0m \\u2603 \\U0001F600', 'no newline', end='')",
    "import os\nos.write(1, b'raw out\\n')\ntime.sleep(0.3)",
    "os.write(2, b'raw err\\n'); time.sleep(0.3)",
    "import subprocess\nsubprocess.run(['echo', 'from a process'], check=True)\ntime.sleep(0.3)",
    "subprocess.run('echo to stderr >&2; exit 3', shell=True).returncode\n",
    "time.sleep(0.3)\nos.system('echo system')\ntime.sleep(0.3)",
    "sys.stdout.isatty(), sys.stderr.isatty(), sys.stdout.encoding, sys.stdout.name, type(sys.stdout).__name__",
    "type(sys.__stdout__).__name__, sys.stdin is None, sys.stdin.read(1) if sys.stdin else None",
    "import threading\ndef say():\n    print('in a thread')\nt = threading.Thread(target=say); t.start(); t.join()",
    "import logging\nlogging.warning('careful %s', 1)\nlogging.getLogger('mine').error('wrong')\nlogging.getLogger().handlers[:0]",
    "logging.basicConfig(level='INFO', stream=sys.stdout, force=True)\nlogging.info('told')\nlogging.root.handlers = []",
    "import contextlib, io\nwith contextlib.redirect_stdout(io.StringIO()) as caught:\n    print('caught')\ncaught.getvalue()",
)

DISPLAYS = notebook(
    "from IPython.display import *\nHTML('<b>bold</b>')",
    "display('text', {'a': [1, 2]}, HTML('<i>x</i>'))\ndisplay({'text/plain': 'p', 'text/html': '<p>p</p>'}, raw=True)",
    "class Rich:\n    def _repr_html_(self): return '<u>rich</u>'\n    def _repr_latex_(self): return '$x$'\n"
    "    def _repr_mimebundle_(self, include=None, exclude=None): return {'application/x-own+json': {'a': 1, 'b': None}}\n"
    "    def __repr__(self): return 'plain'\nRich()",
    "h = display('first', display_id='mine')\nd = display('second', display_id=True)\nprint(h.display_id)",
    "h.update('changed')\nd.update(HTML('<b>changed too</b>'))\nupdate_display('again', display_id='mine')",
    "display('third', display_id='mine')",
    "print('gone')\nclear_output()\nprint('stays')",
    "for i in range(4):\n    clear_output(wait=True)\n    print('step', i)\n    display(i)",
    "print('x')\nclear_output(wait=True)",
    "Markdown('*m*'), Latex('$y$'), JSON({'a': float(1)}), Javascript('1'), SVG('<svg xmlns=\"http://www.w3.org/2000/svg\"/>')",
    "display(Markdown('*m*'), Latex('$y$'), JSON({'a': 1}), Javascript('1'), Math('z'))",
    "display(SVG('<svg xmlns=\"http://www.w3.org/2000/svg\"></svg>'))",
    "import struct, zlib\ndef chunk(k, d):\n    c = k + d\n    return struct.pack('>I', len(d)) + c + struct.pack('>I', zlib.crc32(c))\n"
    "png = b'\\x89PNG\\r\\n\\x1a\\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', 1, 1, 8, 0, 0, 0, 0)) + chunk(b'IDAT', zlib.compress(b'\\0\\0')) + chunk(b'IEND', b'')\nImage(png)",
    "1;",
    "1\n2\n'last'",
    "None",
    "_, __, _15 if '_15' in globals() else None, Out.keys(), len(In)",
    "class Broken:\n    def __repr__(self): raise ValueError('no words for it')\n",
    "# fails\nBroken()",
    "float('nan'), [float('inf')], {'x': {1, 2}}, b'bytes', 'a' * 200",
    "list(range(2000))",
    "import IPython; IPython.display.display_pretty('p'); print(type(get_ipython()).__name__)\nget_ipython().__class__.__mro__[1].__name__",
    "from IPython import get_ipython as g\ng() is get_ipython(), 'IPKernelApp' in g().config, hasattr(g(), 'kernel')",
    "len?",
    "print?",
    "%history -n 1-2",
)

MAGICS = notebook(
    "%%capture caught\nprint('caught')\nimport sys; print('err', file=sys.stderr)\n1 + 1",
    "caught.stdout, caught.stderr, len(caught.outputs)",
    "%%bash\necho from bash\nfor i in 1 2 3; do echo $i; done",
    "%%bash\necho err >&2",
    "%%sh\nexit 0",
    "# fails\nget_ipython().run_cell_magic('bash', '', 'echo before; exit 7')",
    "!echo shell out\n!echo $((1 + 2))",
    "!echo err >&2",
    "files = !printf 'a\\nb\\n'\nfiles",
    "!exit 3\n_exit_code",
    "%matplotlib inline",
    "%lsmagic\nNone",
    "x = 5\n%who\n%whos int",
    "%env SROI_AWKWARD=1\nimport os\nos.environ['SROI_AWKWARD']",
    "%pwd\nNone",
    "%load_ext storemagic\n%unload_ext storemagic",
    "# fails\n%nonsense",
    "# fails\n%%nonsense\nx",
    "%precision 3\n3.14159",
    "%precision\n3.14159",
    "%pprint\nlist(range(50))",
    "%pprint\nlist(range(50))",
    "%%html\n<b>h</b>",
    "%%javascript\n1",
    "%%latex\n$x$",
    "%%markdown\n*m*",
    "%%writefile written.py\nVALUE = 7",
    "import written\nwritten.VALUE",
    "%run written.py\nVALUE",
    "%%python\nprint('another python')",
    "%xmode Minimal",
    "# fails\n1 / 0",
    "%xmode Plain\n",
    "# fails\n1 / 0",
    "%xmode Context",
    "t = %timeit -n1 -r1 -q -o pass\ntype(t).__name__",
    "%alias hello echo hello %s\n%hello you",
    "%config InlineBackend.figure_format",
    "%autocall 1",
    "%macro -q mac 2\nmac",
)

ERRORS = notebook(
    "def inner(x):\n    return 1 / x\ndef outer(x):\n    return inner(x)",
    "# fails\nouter(0)",
    "# fails\nx = (\n",
    "# fails\nif True:\nprint('indent')",
    "# fails\ntry:\n    outer(0)\nexcept ZeroDivisionError as error:\n    raise KeyError('missing') from error",
    "# fails\nraise ExceptionGroup('many', [ValueError('a'), TypeError('b')])",
    "# fails\nclass Own(Exception):\n    pass\nraise Own('eigen', 1)",
    "# fails\nimport json; json.loads('{')",
    "# fails\nundefined_name",
    "# fails\nraise KeyboardInterrupt",
    "# fails\nassert 1 == 2, 'unequal'",
    "# fails\nprint('before'); import sys; print('err', file=sys.stderr); raise ValueError('a\\nb')",
    "# fails\nimport no_such_module_here",
    "# fails\ninput('what? ')",
    "# fails\nimport getpass; getpass.getpass()",
    "# fails\nexec('1 +')",
    "# fails\neval('1/0')",
    "import warnings\nwarnings.warn('mind this')\nwarnings.warn('old', DeprecationWarning)\nwarnings.warn('old', FutureWarning)",
    "for _ in range(3):\n    warnings.warn('once only')",
    "with warnings.catch_warnings():\n    warnings.simplefilter('error')\n    try:\n        warnings.warn('as an error')\n    except UserWarning as w:\n        print('raised', w)",
    "'\\d'",
    "1 is 1",
    "import traceback\ntry:\n    1 / 0\nexcept ZeroDivisionError:\n    traceback.print_exc(limit=1)",
    "# fails\nraise SystemExit(4)",
    "print('goes on')",
    "1 / 0",
    "print('never')",
)

LEAVES = notebook("print('in')", "import sys\nsys.exit(0)", "print('never')")
QUITS = notebook("print('in')", "exit()", "print('goes on?')")

ASYNC = notebook(
    "import asyncio\nawait asyncio.sleep(0.01)\n'awaited'",
    "async def work(n):\n    await asyncio.sleep(0.1 * n)\n    print('done', n)\n    return n\nawait asyncio.gather(*(work(n) for n in range(3)))",
    "task = asyncio.create_task(work(2))\n'made'",
    "await asyncio.sleep(1)\ntask.done(), task.result()",
    "# fails\nasyncio.run(work(1))",
    "async with asyncio.timeout(1):\n    print('within')",
    "asyncio.get_event_loop().is_running(), asyncio.get_running_loop() is asyncio.get_event_loop()",
    "# fails\nawait asyncio.wait_for(asyncio.sleep(5), 0.01)",
    "async def gen():\n    for i in range(3):\n        yield i\n[i async for i in gen()]",
    "import threading, time\ngo = threading.Event()\ndef later():\n    go.wait(20)\n    print('late thread')\n"
    "late = threading.Thread(target=later); late.start()\nprint('now')",
    "go.set()\nlate.join()\ntime.sleep(0.3)\nprint('after')",
    "loop = asyncio.get_running_loop()\nawait loop.run_in_executor(None, lambda: 'from executor')",
    "process = await asyncio.create_subprocess_exec('echo', 'hi', stdout=asyncio.subprocess.PIPE)\n(await process.communicate())[0]",
)

PROCESSES = notebook(
    "import multiprocessing as mp, os, sys, pickle\nclass Thing:\n    def __init__(self, n): self.n = n\n    def __eq__(self, o): return self.n == o.n\ndef square(x): return x * x",
    "pickle.loads(pickle.dumps(Thing(3))) == Thing(3), Thing.__module__, pickle.dumps(Thing(3), 0)",
    "ctx = mp.get_context('fork')\nwith ctx.Pool(2) as pool:\n    print(pool.map(square, range(5)))",
    "def say():\n    print('from a fork', flush=True)\np = ctx.Process(target=say); p.start(); p.join()\nimport time; time.sleep(0.5)\np.exitcode",
    "from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor\nwith ThreadPoolExecutor(2) as pool:\n    list(pool.map(lambda x: print('t', x), [1]))",
    "with ProcessPoolExecutor(1, mp_context=ctx) as pool:\n    print(pool.submit(square, 7).result())",
    "import __main__\n__name__, __main__.Thing is Thing, hasattr(__main__, '__file__'), sorted(n for n in vars(__main__) if n.startswith('__'))",
    "sys.modules['__main__'] is __main__, __main__.__doc__, sys.path[0], os.path.basename(sys.argv[0])",
    "import inspect\ninspect.getsource(square)",
    "os.getcwd() == os.environ.get('SROI_EXPECTED_FOLDER', os.getcwd()), os.environ.get('TERM'), os.environ.get('MPLBACKEND'), os.environ.get('FORCE_COLOR')",
    "import signal\nsignal.getsignal(signal.SIGINT) is signal.default_int_handler, signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGCHLD)",
    "sorted(get_ipython().user_ns.keys() - {'p', 'pool', 'ctx'})[:12]",
    "import builtins\nhasattr(builtins, 'display'), hasattr(builtins, 'get_ipython'), builtins.input is input, type(input).__name__",
    "import locale; locale.setlocale(locale.LC_ALL), sys.getrecursionlimit(), sys.flags.dev_mode, sys.getdefaultencoding()",
    "import gc; gc.isenabled(), gc.get_threshold(), gc.get_debug()",
    "def f():\n    import pdb\n    return pdb.Pdb.__module__\nf()",
    "[p for p in sys.path if 'sroi' not in p]",
    "sys.displayhook.__class__.__name__, sys.excepthook.__name__ if hasattr(sys.excepthook, '__name__') else type(sys.excepthook).__name__, threading.current_thread().name if 'threading' in dir() else None",
)

TABLES = notebook(
    "import numpy as np, pandas as pd\npd.DataFrame({'a': [1, 2.5, None], 'b': ['x', 'y', None], 'c': pd.date_range('2024-01-01', periods=3)})",
    "pd.options.display.max_columns, pd.options.display.max_rows, pd.options.display.width, pd.options.display.notebook_repr_html",
    "pd.DataFrame(np.arange(3000).reshape(100, 30))",
    "pd.options.display.max_rows = 4\npd.options.display.precision = 1\npd.DataFrame({'a': np.linspace(0, 1, 50)})",
    "pd.Series([1, 2], name='s')",
    "pd.DataFrame({'a': [1, 2]}).style.format('{:.1f}').set_uuid('u').highlight_max()",
    "pd.DataFrame({'a': [1, 2]}).describe()",
    "df = pd.DataFrame({'a': [1, 2]}); df[df.a > 1]['a'] = 5\ndf",
    "np.arange(2000)",
    "np.set_printoptions(precision=2)\nnp.array([1.23456, 2])",
    "np.array([1.0]) / 0",
    "np.random.seed(3); np.random.rand(2), __import__('random').seed(3) or __import__('random').random()",
    "pd.DataFrame({'a': pd.Categorical(['x', 'y']), 'i': pd.array([1, None], dtype='Int64')}).dtypes",
    "pd.DataFrame({'a': [1], 'b': ['x']}).to_parquet('t.parquet'); pd.read_parquet('t.parquet')",
    "from scipy import stats\nstats.norm.ppf([0.05, 0.95])",
)

_DRAW = (
    "import matplotlib.pyplot as plt\nplt.plot([1, 2, 3], label='$\\\\alpha$'); plt.title('first'); plt.legend()",
    "fig, axes = plt.subplots(1, 2, figsize=(5, 2))\naxes[0].bar(['a', 'b'], [1, 2]); axes[1].hist([1, 1, 2])",
    "plt.figure(); plt.text(0.1, 0.5, 'Wörter, 中'); plt.show(); print('after show')",
    "fig",
    "plt.get_fignums(), plt.get_backend(), plt.isinteractive()",
    "plt.rcParams['figure.figsize'], plt.rcParams['figure.dpi'], plt.rcParams['font.size']",
    "plt.rcParams['figure.dpi'] = 50\nplt.plot([1]);",
    "from matplotlib.figure import Figure\nf = Figure(); f.subplots().plot([3, 1]); f",
    "with plt.style.context('ggplot'):\n    plt.scatter([1, 2], [2, 1])\n    plt.show()",
    "plt.close('all')\nplt.figure()\nplt.close()",
    "import pandas as pd\npd.Series([1, 3, 2]).plot(title='pandas')",
    "import warnings\nplt.plot([1]); plt.xlim(0, 0)",
)
FIGURES = notebook(*_DRAW)
INLINE_FIGURES = notebook(
    "%matplotlib inline",
    *_DRAW,
    "%config InlineBackend.figure_formats = ['svg']\n%config InlineBackend.rc = {}",
    "plt.rcParams['svg.hashsalt'] = 'fixed'\nplt.rcParams['svg.fonttype'] = 'path'\nplt.plot([1, 2]);",
    "from matplotlib_inline.backend_inline import set_matplotlib_formats\nset_matplotlib_formats('jpeg', quality=50)\nplt.plot([1, 2]);",
)
AGG_FIGURES = notebook(
    "import matplotlib\nmatplotlib.use('agg')\nimport matplotlib.pyplot as plt",
    "plt.plot([1, 2])",
    "plt.show()",
    "plt.get_fignums(), plt.get_backend()",
)
PROGRESS = notebook(
    "import tqdm as t\nfor _ in t.tqdm(range(3), bar_format='{desc}{n_fmt}/{total_fmt}', desc='work ', mininterval=0): pass",
    "from tqdm.auto import tqdm\nfor _ in tqdm(range(2), bar_format='{n_fmt}/{total_fmt}'): pass",
    "from tqdm.notebook import tqdm as n\nfor _ in n(range(2), bar_format='{n_fmt}/{total_fmt}'): pass",
)
WIDGETS = notebook(
    "import ipywidgets as w\nfrom IPython.display import display",
    "out = w.Output()\nwith out:\n    print('captured')\n    display('rich')\nprint('not captured')",
    "out",
    "slider = w.IntSlider(value=3)\nslider",
    "slider.value = 7\nslider.value",
    "@out.capture(clear_output=True)\ndef f():\n    print('by decorator')\nf()",
    "w.interact(lambda x: x * 2, x=(0, 10));",
    "with out:\n    1 / 0",
    "out.outputs",
    "w.HBox([w.Label('a'), w.Button(description='b')])",
    "button = w.Button()\nbutton.on_click(lambda _: print('clicked'))\nbutton.click()",
    "w.Image(value=b'\\x89PNG', format='png')",
    "out.clear_output()\nout.append_stdout('appended')\nout.outputs",
)

AWKWARD = {
    "streams": STREAMS,
    "displays": DISPLAYS,
    "magics": MAGICS,
    "errors": ERRORS,
    "leaves": LEAVES,
    "quits": QUITS,
    "async": ASYNC,
    "processes": PROCESSES,
    "tables": TABLES,
    "figures": FIGURES,
    "inline figures": INLINE_FIGURES,
    "agg figures": AGG_FIGURES,
    "progress": PROGRESS,
    "widgets": WIDGETS,
}

_VOLATILE = (
    (re.compile(r"\b0x[0-9a-fA-F]{6,}\b"), "0xADDRESS"),
    (re.compile(r"ipykernel_\d+"), "ipykernel_PROCESS"),
    (re.compile(r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])"), "ID"),
    (re.compile(r"\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b"), "ID"),
    (re.compile(r"<dc:date>[^<]*</dc:date>"), "<dc:date>DATE</dc:date>"),
)


def _joined(outputs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the outputs with what one stream said without a break in one piece: the clock cuts it every 0.2 seconds."""
    joined: list[dict[str, Any]] = []
    for output in outputs:
        if (
            joined
            and output["output_type"] == joined[-1]["output_type"] == "stream"
            and output["name"] == joined[-1]["name"]
        ):
            joined[-1]["text"] += "".join(output["text"])
        else:
            joined.append({**output, "text": "".join(output["text"])} if output["output_type"] == "stream" else output)
    return joined


def plain(text: str) -> dict[str, Any]:
    """Return what a saved notebook holds, without what no two runs share: times, ids, addresses, process numbers."""
    run: dict[str, Any] = json.loads(text)
    widgets = run["metadata"].get("widgets", {}).get("application/vnd.jupyter.widget-state+json")
    if widgets is not None:
        widgets["state"] = list(widgets["state"].values())  # its keys are ids
    text = json.dumps(run)
    for pattern, instead in _VOLATILE:
        text = pattern.sub(instead, text)
    run = json.loads(text)
    for key in ("start_time", "end_time", "duration", "output_path", "input_path"):
        run["metadata"]["papermill"].pop(key, None)
    for cell in run["cells"]:
        cell.pop("id", None)
        state = cell["metadata"].get("papermill", {})
        state |= {key: state[key] is not None for key in ("start_time", "end_time", "duration") if key in state}
        cell["outputs"] = _joined(cell.get("outputs", []))
        if "execution" in cell["metadata"]:
            cell["metadata"]["execution"] = sorted(cell["metadata"]["execution"])
    if widgets is not None:
        states = run["metadata"]["widgets"]["application/vnd.jupyter.widget-state+json"]
        states["state"].sort(key=str)
    return run
