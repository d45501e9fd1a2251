from sroi.commissioning.frameworks.filled import *
from sroi.commissioning.frameworks.form import *
from sroi.files.form_writer import form_bytes
from sroi.commissioning.frameworks.shipped import *
import tempfile, pathlib
d=pathlib.Path(tempfile.mkdtemp())
for end in (".xlsx",".yaml"):
    for f in frameworks():
        p=d/(f.id+end); p.write_bytes(form_bytes(FORM, rows_of(f), end))
        g=read_framework(p)
        print(f.id, end, {i.origin for i in g.items()}, [ (i.id,i.filled) for i in g.items() if i.filled][:3], g.remarks, g.complete)
    p=d/("ex"+end); p.write_bytes(form_bytes(FORM, EXAMPLE, end)); g=read_framework(p); print(g.title, [m.label for _,_,m in g.measures()], g.valid_from, g.remarks)
