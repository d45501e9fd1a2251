"""What a page shows at a click, where there is no clicking: an appendix, and a pointer to it in place."""

from __future__ import annotations

from collections.abc import Sequence

from sroi.reports.blocks import Block, Details, Story

APPENDIX = "The working, step by step"


def with_pointers(
    story: Story,
) -> tuple[list[tuple[str, list[Block | tuple[Details, ...]]]], list[Details]]:
    """Return each section's heading and blocks, details that follow each other as one group, and all of them in order.

    A format without clicking puts a pointer in each group's place and the details into an appendix. The last section
    stands where an appendix would: its details stay in their place, under headings of their own.
    """
    sections: list[tuple[str, list[Block | tuple[Details, ...]]]] = []
    worked: list[Details] = []
    for section in story.sections:
        blocks: list[Block | tuple[Details, ...]] = []
        for block in section.blocks:
            if not isinstance(block, Details) or section is story.sections[-1]:
                blocks.append(block)
                continue
            worked.append(block)
            if blocks and isinstance(blocks[-1], tuple):
                blocks[-1] = (*blocks[-1], block)
            else:
                blocks.append((block,))
        sections.append((section.heading, blocks))
    return sections, worked


def pointer_words(group: Sequence[Details]) -> str:
    """Return what stands where details would open.

    >>> print(pointer_words([Details("Fewer visits to the doctor", ())]))
    “Fewer visits to the doctor” stands in the appendix, “The working, step by step”.
    """
    if len(group) == 1:
        return f"“{group[0].summary}” stands in the appendix, “{APPENDIX}”."
    return f"{len(group)} workings stand in the appendix, “{APPENDIX}”, one after the other."
