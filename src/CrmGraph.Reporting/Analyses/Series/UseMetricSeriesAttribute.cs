using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Metrics.Planning;
using CrmGraph.Reporting.Querying;
using CrmGraph.Reporting.Querying.Filters;

namespace CrmGraph.Reporting.Analyses.Series;

/// <summary>Gives a field that returns an <see cref="Analysis"/> of metrics their argument <c>where</c>, its price and its part of the data moment.</summary>
public sealed class UseMetricSeriesAttribute(double cost = QueryCosts.Analysis) : FieldAttribute
{
    internal const string Where = "where";

    public override int Order => 50;

    public override void Configure(FieldBuilder field, ITypeRegistry types)
    {
        field.Arguments.Add(new(Where, MetricWhere.Type(new FilterTypes(types)))
        {
            Description = "Which facts count, as for metrics; all that the caller may see when left out.",
            AppliedDirectives = QueryCosts.Weighs(QueryCosts.Filter),
        });
        field.Directives.Add(CostDirectives.Cost(cost));
        field.Reads = 2;
    }
}
