"""What one document may cost, looked at before anything is validated or executed.

Validation compares fields with one another, so their number is limited before it; and what fragments and aliases
multiply is counted as it would be executed.
"""

from collections.abc import Iterator

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLSyntaxError,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    parse,
)

TOKENS = 15_000
# Fields as they stand in the document.
WRITTEN = 500
# Fields as they are executed, fragments put in their places.
EXECUTED = 1000
# The usual introspection query is 13 deep.
DEPTH = 15
# Fields at the top, whatever their aliases.
ROOTS = 5
OPERATIONS = 10


def parsed(document: str) -> DocumentNode:
    """Parse a document; raise GraphQLError if it is none, or would cost too much."""
    try:
        node = parse(document, no_location=False, max_tokens=TOKENS)
    except GraphQLSyntaxError as error:
        if f"{TOKENS} tokens" in error.message:
            raise GraphQLError(
                f"More than {TOKENS} grammar tokens have been presented, so parsing has been cancelled. "
                "Variables have no such limit."
            ) from None
        raise
    except RecursionError:
        raise GraphQLError("The document is nested too deeply.") from None
    _check_written(node)
    return node


def check(document: DocumentNode) -> None:
    """Refuse a valid document that would execute too many fields, too deep, or too many at the top."""
    fragments = {
        node.name.value: node.selection_set for node in document.definitions if isinstance(node, FragmentDefinitionNode)
    }
    for operation in document.definitions:
        if isinstance(operation, OperationDefinitionNode):
            _Counter(fragments).count(operation.selection_set)


def _check_written(document: DocumentNode) -> None:
    if len(document.definitions) > OPERATIONS:
        raise GraphQLError(f"More than {OPERATIONS} operations and fragments.")
    waiting = [(one.selection_set, 1) for one in document.definitions if getattr(one, "selection_set", None)]  # type: ignore[attr-defined]
    written = 0
    while waiting:
        selections, depth = waiting.pop()
        written += len(selections.selections)
        if written > WRITTEN:
            raise GraphQLError(f"More than {WRITTEN} fields are asked for.")
        if depth > DEPTH:
            raise GraphQLError(f"The document is more than {DEPTH} levels deep.")
        waiting += [(of, depth + 1) for one in selections.selections if (of := getattr(one, "selection_set", None))]


class _Counter:
    """Counts the fields of one operation as they would be executed, and stops at the first that is too many."""

    def __init__(self, fragments: dict[str, SelectionSetNode]) -> None:
        self._fragments = fragments
        self._executed = 0

    def count(self, selections: SelectionSetNode, depth: int = 1) -> None:
        if depth > DEPTH:
            raise GraphQLError(f"The document is more than {DEPTH} levels deep.")
        fields = list(self._fields(selections))
        if depth == 1 and len(fields) > ROOTS:
            raise GraphQLError(f"More than {ROOTS} fields at the top, aliases counted.")
        for field in fields:
            if field.selection_set:
                self.count(field.selection_set, depth + 1)

    def _fields(self, selections: SelectionSetNode) -> Iterator[FieldNode]:
        for one in selections.selections:
            self._executed += 1
            if self._executed > EXECUTED:
                raise GraphQLError(f"More than {EXECUTED} fields would be executed.")
            if isinstance(one, FieldNode):
                yield one
            elif isinstance(one, InlineFragmentNode):
                yield from self._fields(one.selection_set)
            elif isinstance(one, FragmentSpreadNode):
                yield from self._fields(self._fragments[one.name.value])
