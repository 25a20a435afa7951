"""The schema: one query, one mutation."""

from graphql import GraphQLArgument, GraphQLField, GraphQLList, GraphQLObjectType, GraphQLSchema, GraphQLString

from integrations.api.graphql import resolvers
from integrations.api.graphql.filtering import RECURRING_PAYMENT_FILTER
from integrations.api.graphql.types import RECURRING_PAYMENT, RECURRING_PAYMENT_INPUT

_BULK_ASYNC = GraphQLObjectType(
    "BulkAsync", {"recordId": GraphQLField(GraphQLString, description="Names the batch; GET /api/v1/batches/{id}.")}
)
SCHEMA = GraphQLSchema(
    query=GraphQLObjectType(
        "Query",
        {
            "searchRecurringPayment": GraphQLField(
                GraphQLList(RECURRING_PAYMENT),
                args={"filter": GraphQLArgument(RECURRING_PAYMENT_FILTER)},
                resolve=resolvers.search,
            )
        },
    ),
    mutation=GraphQLObjectType(
        "Mutation",
        {
            "bulkUpsertRecurringPayments": GraphQLField(
                _BULK_ASYNC,
                args={"recurringPayments": GraphQLArgument(GraphQLList(RECURRING_PAYMENT_INPUT))},
                resolve=resolvers.bulk_upsert,
                description="Asynchronous. Known by legacyConnectionId and storeRecurringPaymentId means update.",
            )
        },
    ),
)
