"""The assurance pack: everything that whoever checks an analysis wants to hold, in one file. It assures nothing."""

from sroi.assurance.pack import Pack, assurance_pack, write_pack

__all__ = ["Pack", "assurance_pack", "write_pack"]
