"""The functions of the order-and-payments estate, all of them."""

from __future__ import annotations

from .function_habits import BESIDE
from .other_functions import CUSTOMERS, EUROPE, NOTICES, OPERATIONS
from .shop_functions import ORDERS, PAYMENTS, STOCK
from .vendors import AGENTS

FUNCTIONS = (*ORDERS, *PAYMENTS, *STOCK, *CUSTOMERS, *NOTICES, *OPERATIONS, *EUROPE, *BESIDE, *AGENTS)
