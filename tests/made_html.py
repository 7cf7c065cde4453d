"""What stands in a page."""

import re


def cells_of(page: str, head: str) -> list[str]:
    """The texts of the cells in the first row with this header."""
    row = page.split(f'<th scope="row">{head}</th>')[1].split("</tr>")[0]
    return [re.sub(r"<.*?>", "", cell) for cell in re.findall(r"<td.*?>(.*?)</td>", row)]
