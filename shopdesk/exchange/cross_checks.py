"""What fits nowhere: lines without orders, orders without lines, statuses that would go backward."""

from __future__ import annotations

from shopdesk.core.sqlite import Connection
from shopdesk.core.words import N_
from shopdesk.exchange.identity import last_id, run

LOST = N_("There is no order {number} yet.")
LOST_FIX = N_("Import the list of orders first, then this file again.")
ALONE = N_("Orders without lines in these files and in the shop: {count}.")
ALONE_FIX = N_("Drop the list of order lines together with the orders.")
BACKWARD = N_("The file says “{new}”, the shop already “{old}”; the later status was kept.")
CROSS_CHECKS = """
INSERT INTO plan.reason (source, file_id, row, "column", level, code, text, fix, args, record, record_id)
SELECT l.source, s.file_id, l.row, '', 'refused', 'no-order', :lost, :lost_fix,
       json_object('number', l.number), 'line', l.id
FROM plan.lost p JOIN staging.line l ON l.id = p.id JOIN staging.source s ON s.id = l.source;
INSERT INTO plan.reason (source, file_id, row, "column", level, code, text, fix, args, record, record_id)
SELECT s.source, f.file_id, NULL, '', 'warned', 'no-lines', :alone, :alone_fix,
       json_object('count', count(*)), 'order_', NULL
FROM plan.ord p JOIN staging.order_ s ON s.id = p.id JOIN staging.source f ON f.id = s.source
WHERE p.id NOT IN (SELECT id FROM plan.has_lines)
  AND NOT EXISTS (SELECT 1 FROM order_lines x WHERE x.order_id = p.order_id)
  AND p.order_id NOT IN (SELECT order_id FROM plan.new_line WHERE order_id <= :last)
GROUP BY s.source;
INSERT INTO plan.reason (source, file_id, row, "column", level, code, text, fix, args, record, record_id)
SELECT s.source, f.file_id, s.row, '', 'warned', 'backward', :backward, '',
       json_object('new', json_object('text', c.new), 'old', json_object('text', c.old), 'number', s.number),
       'order_', s.id
FROM plan.cell c JOIN staging.order_ s ON s.id = c.staged JOIN staging.source f ON f.id = s.source
WHERE c.kind = 'orders' AND c.field = 'status' AND c.held = 'backward';
"""


def cross_checks(con: Connection) -> None:
    """Note lines without orders, orders without lines, and statuses that would go backward."""
    run(
        con, CROSS_CHECKS, lost=LOST, lost_fix=LOST_FIX, alone=ALONE, alone_fix=ALONE_FIX, backward=BACKWARD,
        last=last_id(con, "orders"),
    )  # fmt: skip
