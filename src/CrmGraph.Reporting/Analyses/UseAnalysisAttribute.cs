using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Querying;
using CrmGraph.Reporting.Querying.Filters;

namespace CrmGraph.Reporting.Analyses;

/// <summary>Gives a field that returns an <see cref="Analysis"/> of customers its argument <c>where</c>, its price and its part of the data moment.</summary>
public sealed class UseAnalysisAttribute(double cost = QueryCosts.Analysis) : FieldAttribute
{
    internal const string Where = "where";

    public override int Order => 50;

    public override void Configure(FieldBuilder field, ITypeRegistry types)
    {
        field.Arguments.Add(new(Where, new FilterTypes(types).Row(typeof(Customer)))
        {
            Description = "Which customers count, members of segments by `segments`; all that the caller may see when left out.",
            AppliedDirectives = QueryCosts.Weighs(QueryCosts.Filter),
        });
        field.Directives.Add(CostDirectives.Cost(cost));
        field.Reads = 2;
    }
}
