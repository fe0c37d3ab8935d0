using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Querying;
using CrmGraph.Reporting.Querying.Filters;

namespace CrmGraph.Reporting.Analyses.Funnels;

/// <summary>Gives a field the argument <c>steps</c>: stages of opportunities, or conditions on customers.</summary>
public sealed class UseFunnelStepsAttribute : FieldAttribute
{
    internal const string Steps = "steps", Stage = "stage", Customers = "customers";

    public override int Order => 40;

    public override void Configure(FieldBuilder field, ITypeRegistry types)
    {
        var step = types.GetOrAdd("FunnelStepInput", () => new InputObjectType("FunnelStepInput", () =>
        [
            new(Stage, types.Scalar("String")) { Description = "A stage of opportunities, as the source names it." },
            new(Customers, new FilterTypes(types).Row(typeof(Customer)))
            {
                Description = "A condition on customers.",
                AppliedDirectives = QueryCosts.Weighs(QueryCosts.Filter),
            },
        ])
        {
            Description = "A step of a funnel: give exactly one field, the same in all steps.",
            IsOneOf = true,
        });
        field.Arguments.Add(new(Steps, new NonNullType(new ListType(new NonNullType(step)))) { Description = "The steps, 2 to 20, the widest first." });
    }
}
