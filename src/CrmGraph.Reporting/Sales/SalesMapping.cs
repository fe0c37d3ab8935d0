using CrmGraph.Reporting.Ingest.Mutations;
using CrmGraph.Reporting.Ingest.Records;
using Mapster;

namespace CrmGraph.Reporting.Sales;

/// <summary>Where inputs of sales say a thing otherwise than their records.</summary>
internal sealed class SalesMapping : IRegister
{
    public void Register(TypeAdapterConfig config)
    {
        config.NewConfig<UpsertOrderInput, OrderRecord>()
            .Ignore(order => order.OrderKind)
            .Map(order => order.AddsLines, input => input.AddLines)
            .Map(order => order.LinesAreComplete, input => !input.AddLines)
            .Map(order => order.PaymentsAreComplete, input => input.Payments != null)
            .AfterMapping((_, order) => Number(order.Lines));
        config.NewConfig<OrderLineInput, LineRecord>().Ignore(line => line.Id!, line => line.MoreKeys!).Map(line => line.Key, input => input.ExternalId);
        config.NewConfig<UpsertOpportunityInput, OpportunityRecord>().Map(deal => deal.Stage, input => input.Stage.NotNull());
    }

    /// <summary>A line is reported by its place in the order.</summary>
    private static void Number(IReadOnlyList<LineRecord>? lines)
    {
        for (var i = 0; i < lines?.Count; i++)
            lines[i].Origin = i;
    }
}
