using CrmGraph.Data.Model;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Ingest.Batches;

/// <summary>Adds orders to the money that is kept of their customers, and says which of them does not fit there.</summary>
internal sealed class CustomerTotals
{
    private readonly Dictionary<(Guid Customer, string Currency), Int128> _sums = [];

    public static async Task<CustomerTotals> LoadAsync(CrmDbContext context, IEnumerable<Guid> customers, CancellationToken cancellationToken)
    {
        var totals = new CustomerTotals();
        foreach (var chunk in customers.Chunk(500))
            foreach (var money in await context.CustomerMoney.AsNoTracking().Where(m => chunk.Contains(m.CustomerId)).ToListAsync(cancellationToken))
                totals._sums[(money.CustomerId, money.Currency)] = Int128.Max(money.GrossAmount, money.ReturnedAmount);
        return totals;
    }

    /// <summary>Takes an order with all of its lines; false, and nothing is taken, when it does not fit. What the order had before is not taken away.</summary>
    public bool Take(Guid customer, string currency, Int128 amount)
    {
        var sum = _sums.GetValueOrDefault((customer, currency)) + amount;
        if (sum > long.MaxValue)
            return false;
        _sums[(customer, currency)] = sum;
        return true;
    }
}
