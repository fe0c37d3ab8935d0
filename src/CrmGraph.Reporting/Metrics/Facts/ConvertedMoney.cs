namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>What the money of a row comes to in another currency, where it is of several days and each has its own rate.</summary>
/// <param name="Currency">The other currency.</param>
/// <param name="Measures">The row's sums of money.</param>
/// <param name="Amounts">Those of the measures, in their order.</param>
internal sealed record ConvertedMoney(string Currency, IReadOnlyList<Measure> Measures, decimal[] Amounts)
{
    public decimal Of(Measure measure)
    {
        for (var i = 0; i < Amounts.Length; i++)
            if (Measures[i] == measure)
                return Amounts[i];
        return 0;
    }
}
