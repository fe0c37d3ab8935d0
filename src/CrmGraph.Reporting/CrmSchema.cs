using CrmGraph.Data.Model;
using CrmGraph.GraphQL;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Metrics;
using CrmGraph.Reporting.Metrics.Assembling;
using CrmGraph.Reporting.Querying;

namespace CrmGraph.Reporting;

/// <summary>The product's schema: every annotated class of the model and of this assembly.</summary>
public static class CrmSchema
{
    /// <summary>A builder that a host or test may add to before it builds.</summary>
    public static SchemaBuilder Builder(GraphQLLimits? limits = null) => new SchemaBuilder()
        .AddTypes(typeof(CrmDbContext).Assembly)
        .AddTypes(typeof(CrmSchema).Assembly)
        .AddNodeIdCodec(new FactIdCodec())
        .AddNodeKey<ICustomerFact>(fact => new FactId(fact.Id), nameof(ICustomerFact.Id))
        .UseAuthorization(RoleCheck.CheckAsync)
        .AddFields<MetricRow>(MetricFields.Of)
        .UseAsynchronousCost(QueryCosts.Statement, QueryCosts.ShareOfStatement)
        .UseLimits(limits ?? new());
}
