"""The explorer: one page, without server or net, on which a reader changes a map's numbers and sees what follows."""

from sroi.explorer.page import Explorer, blank_page, explore, explorer_page, write_blank_explorer, write_explorer

__all__ = ["Explorer", "blank_page", "explore", "explorer_page", "write_blank_explorer", "write_explorer"]
