using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;

namespace CrmGraph.Reporting.Ingest;

/// <summary>The place that a record ships an order to.</summary>
internal readonly record struct ShipTo(Optional<string?> Country, Optional<string?> Region, Optional<string?> City, Optional<string?> PostalCode)
{
    public static ShipTo Checked(OrderRecord record, Check check, CrmLimits limits) => new(
        check.Text(record.ShippingCountry, "shippingCountry", limits.NameCharacters),
        check.Text(record.ShippingRegion, "shippingRegion", limits.NameCharacters),
        check.Text(record.ShippingCity, "shippingCity", limits.NameCharacters),
        check.Text(record.ShippingPostalCode, "shippingPostalCode", limits.KeyCharacters));

    public void WriteTo(Order order, ref Change change)
    {
        order.ShippingCountry = change.Of(order.ShippingCountry, Country);
        order.ShippingRegion = change.Of(order.ShippingRegion, Region);
        order.ShippingCity = change.Of(order.ShippingCity, City);
        order.ShippingPostalCode = change.Of(order.ShippingPostalCode, PostalCode);
    }
}
