using CrmGraph.Data.Model;
using CrmGraph.Reporting.Ingest.Batches;
using CrmGraph.Reporting.Ingest.Fields;
using CrmGraph.Reporting.Ingest.Records;

namespace CrmGraph.Reporting.Ingest.Orders;

/// <summary>The payments of the orders that a batch touches.</summary>
internal sealed class OrderPayments(BatchRun run)
{
    private readonly Dictionary<Guid, List<Tracked<OrderPayment>>> _of = run.Payments.Rows.GroupBy(p => p.Row.OrderId)
        .ToDictionary(g => g.Key, g => g.ToList());

    /// <summary>What a payment says, as it is stored.</summary>
    internal readonly record struct Content(DateTime PaidAt, long Amount, string? Method, string? Reference)
    {
        public static Content Of(OrderPayment p) => new(p.PaidAt, p.Amount, p.Method, p.Reference);
    }

    public IReadOnlyList<Content> Checked(OrderRecord record, Check check) =>
        [.. (record.Payments ?? []).Select((payment, i) => Checked(payment, $"payments[{i}]", check))];

    private Content Checked(PaymentEntry payment, string field, Check check) => new(
        check.Moment(payment.PaidAt, field + ".paidAt"),
        Math.Sign(payment.Amount) * check.Amount(Math.Abs(payment.Amount), field + ".amount"),
        check.Text(payment.Method, field + ".method", run.Limits.NameCharacters),
        check.Text(payment.Reference, field + ".reference", run.Limits.KeyCharacters));

    /// <summary>The row of each payment. Null: the record leaves payments alone.</summary>
    public IReadOnlyDictionary<Guid, Content>? Prepare(OrderRecord record, Guid order, bool wasThere, IReadOnlyList<Content> payments, Check check)
    {
        var kept = Of(order).Where(p => !p.IsDeleted).Select(p => p.Row.Id).ToHashSet();
        if (record.Payments is null || wasThere && (record.Mode == WriteMode.KeepExisting || record.Mode == WriteMode.FillMissing && kept.Count > 0))
            return null;
        var told = run.Options.ContentIds ?? new ContentIds();
        var prepared = new Dictionary<Guid, Content>();
        foreach (var payment in payments.Take(run.Limits.PaymentsPerOrder + 1))
            prepared[IdOf(order, payment, told)] = payment;
        if ((record.PaymentsAreComplete ? prepared.Count : kept.Union(prepared.Keys).Count()) > run.Limits.PaymentsPerOrder)
            check.Refuse(RefusalCodes.OutOfRange, $"An order has at most {run.Limits.PaymentsPerOrder} payments; add some of them up.", "payments");
        return prepared;
    }

    /// <returns>Whether anything changed.</returns>
    public bool Write(OrderRecord record, Order order, IReadOnlyDictionary<Guid, Content>? payments)
    {
        foreach (var row in Of(order.Id).Where(p => p.Row.CustomerId != order.CustomerId))
            row.Edit().CustomerId = order.CustomerId;
        if (payments is null)
            return false;
        var changed = false;
        foreach (var (id, content) in payments)
            changed |= Write(order, id, content);
        foreach (var row in Of(order.Id).Where(p => record.PaymentsAreComplete && !p.IsDeleted && !payments.ContainsKey(p.Row.Id)))
        {
            row.Edit();
            row.IsDeleted = changed = true;
        }

        return changed;
    }

    private bool Write(Order order, Guid id, Content content)
    {
        var row = run.Payments.Find(id);
        if (row is { IsDeleted: false } && Content.Of(row.Row) == content)
            return false;
        if (row is null)
            Of(order.Id).Add(row = run.Payments.Add(id, new OrderPayment { Id = id, CustomerId = order.CustomerId, OrderId = order.Id }));
        var payment = row.Edit();
        row.IsDeleted = false;
        (payment.PaidAt, payment.Amount, payment.Method, payment.Reference) = (content.PaidAt, content.Amount, content.Method, content.Reference);
        return true;
    }

    /// <summary>The row of that reference; without one, the id follows from the content and how many that say the same were told before.</summary>
    private Guid IdOf(Guid order, Content payment, ContentIds told)
    {
        if (payment.Reference is { } reference)
            return Of(order).Find(p => p.Row.Reference == reference)?.Row.Id ?? ContentIds.Of($"payment reference\n{order:D}\n{reference}");
        for (var n = 0; ; n++)
        {
            var id = ContentIds.Of($"payment\n{order:D}\n{payment.PaidAt.Ticks}\n{payment.Amount}\n{n}\n{payment.Method}");
            if (told.Take(id))
                return id;
        }
    }

    private List<Tracked<OrderPayment>> Of(Guid order)
    {
        if (!_of.TryGetValue(order, out var payments))
            _of.Add(order, payments = []);
        return payments;
    }
}
