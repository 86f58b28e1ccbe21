"""What the reader remarks on tills and on sheets that sellers keep themselves, as it writes it and in English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

OWN: Final[Mapping[str, str]] = {
    "“{}” ({:sum} ao todo) foi tirada da receita: a coluna “{}” mostra que “{}” ainda tem o que foi cancelado.": (
        "“{}” ({} in all) was taken off the revenue: the column “{}” shows that “{}” still has what was cancelled."
    ),
    "A receita é “{}”, que se chama bruta, e nada na tabela mostra se “{}” ({:sum} ao todo) já foi tirada dela: se não "
    "foi, a receita é menos na mesma medida.": (
        "The revenue is “{}”, which is called gross, and nothing in the table shows whether “{}” ({} in all) was taken "
        "off it: if it was not, the revenue is less by as much."
    ),
}
