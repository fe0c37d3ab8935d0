using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.Reporting.Ingest.Applying;
using CrmGraph.Reporting.Ingest.Batches;
using CrmGraph.Reporting.Ingest.Fields;
using CrmGraph.Reporting.Ingest.Records;

namespace CrmGraph.Reporting.Ingest.Orders;

/// <summary>Orders and their lines. Totals, kind and what lines repeat of their order follow from the order and all of its lines.</summary>
internal sealed class OrderApplier : FactApplier
{
    // Totals are sums of 64 bits; an order stays well below their end.
    private const long LargestTotal = 4_000_000_000_000_000;

    private readonly Dictionary<Guid, OrderLines> _linesOf = [];
    private readonly OrderPayments _payments;

    public OrderApplier(BatchRun run) : base(run)
    {
        _payments = new(run);
        foreach (var line in run.Lines.Rows)
            LinesOf(line.Row.OrderId).Add(line);
    }

    public void Apply(List<OrderRecord> records)
    {
        foreach (var record in records)
            Apply(record);
    }

    private void Apply(OrderRecord record)
    {
        var check = new Check(record, Run.Limits);
        if (record is { Amount: not null, Lines.Count: > 0 })
            check.Refuse(RefusalCodes.Inconsistent, "An order has lines or an amount, not both: its amount is the sum of its lines.", "amount");
        RecordFields.Orders.Check(record, check);
        var attributes = check.Attributes(record.Attributes);
        var told = _payments.Checked(record, check);
        var target = check.Failed ? null : Locate(record, ExternalEntity.Order, Run.Orders, o => o.CustomerId, record.Customer, check);
        if (target is { Existing: null } && !record.OrderedAt.HasValue)
            check.Refuse(RefusalCodes.Required, "orderedAt is needed for a new order.", "orderedAt");
        var (owner, campaign) = (Member(record.Owner, "owner", check), Campaign(record.Campaign, check));
        var refusals = new List<Refusal>();
        var leavesLines = !check.Failed && LeavesLines(record, target!.Value);
        var lines = check.Failed || leavesLines ? [] : CheckedLines(record, target!.Value, check, refusals);
        var payments = check.Failed
            ? null
            : _payments.Prepare(record, target!.Value.Id, WasThere(target.Value.Existing, target.Value.Id), told, check);
        if (check.Failed)
        {
            Refused(record, check);
            // A refused order takes its lines with it, each under the same reason.
            foreach (var line in record.Lines ?? [])
                Refused(RecordKind.OrderLine, check.Refusal! with { Kind = RecordKind.OrderLine, Origin = line.Origin });
            return;
        }

        foreach (var refusal in refusals)
            Refused(RecordKind.OrderLine, refusal);
        // A new order of which no line can be written is none: it would count as an order, and its customer as a buyer.
        if (target!.Value.Existing is null && lines.Count == 0 && refusals.Count > 0)
            Refused(record.Kind, refusals[0]);
        else
            Write(record, target.Value, (owner, campaign), attributes, lines, payments);
        foreach (var line in leavesLines ? record.Lines ?? [] : [])
            Done(line, WriteStatus.Unchanged, line.Id ?? Guid.Empty, target.Value.Customer.Id);
    }

    private void Refused(RecordKind kind, Refusal refusal) => Run.Outcome.Add(kind, new RecordResult(WriteStatus.Refused, Guid.Empty, Guid.Empty, refusal));

    private void Write(
        OrderRecord record,
        FactTarget<Order> target,
        (Optional<Guid?> Owner, Optional<Guid?> Campaign) named,
        IReadOnlyList<KeyValuePair<string, string?>> attributes,
        List<PreparedLine> lines,
        IReadOnlyDictionary<Guid, OrderPayments.Content>? payments)
    {
        var isNew = target.Existing is null;
        var row = target.Existing ?? NewOrder(target);
        var order = row.Edit();
        var change = ChangeOf(record, target.Existing, order.Id);
        if (order.CustomerId != target.Customer.Id)
            order.CustomerId = change.Of(order.CustomerId, target.Customer.Id, isMissing: true);
        RecordFields.Orders.Set(record, order, ref change);
        (order.Day, order.Hour) = LocalOf(order.OrderedAt);
        order.Currency = change.OfText(order.Currency, Stored.Currency(record.Currency), isMissing: LinesOf(order.Id).Count == 0);
        order.OwnerId = change.Of(order.OwnerId, named.Owner);
        order.CampaignId = change.Of(order.CampaignId, named.Campaign);
        var kept = LinesOf(order.Id);
        var changed = WriteLines(record, order, kept, lines);
        Run.OrderAttributes.MoveTo(order.Id, order.CustomerId);
        changed |= Run.OrderAttributes.Set(order.Id, order.CustomerId, attributes, WasThere(target.Existing, order.Id) ? record.Mode : WriteMode.Upsert);
        changed |= _payments.Write(record, order, payments);
        Total(order, kept, isNew && record.OrderKind.HasValue ? record.OrderKind.Value : order.Kind);
        changed |= Claim(record, ExternalEntity.Order, order.CustomerId, order.Id);
        Done(record, StatusOf(isNew, change.Any || changed), order.Id, order.CustomerId);
    }

    private Tracked<Order> NewOrder(FactTarget<Order> target) => Run.Orders.Add(target.Id, new Order
    {
        Id = target.Id,
        CustomerId = target.Customer.Id,
        Currency = Run.Settings.Currency,
        Channel = target.Customer.AcquisitionChannel,
        OwnerId = target.Customer.OwnerId,
    });

    private sealed record PreparedLine(LineRecord? Record, Guid Id, LineContent Content);

    /// <summary>The lines that can be written. A line that cannot is refused alone, or refuses its order where orders are written whole.</summary>
    private List<PreparedLine> CheckedLines(OrderRecord record, FactTarget<Order> target, Check orderCheck, List<Refusal> refusals)
    {
        var order = target.Id;
        var ids = Run.Options.ContentIds ?? new ContentIds();
        var lines = new List<PreparedLine>();
        if (record.Amount is { } amount && AmountLine(record, amount, target, orderCheck) is { } whole)
            lines.Add(whole);
        var total = lines.Aggregate(LinesOf(order).Sum, (sum, line) => sum + line.Content.Amount + line.Content.Discount + (line.Content.Cost ?? 0));
        var count = Replaces(record) ? 0 : LinesOf(order).Count;
        foreach (var line in record.Lines ?? [])
        {
            var check = new Check(line, Run.Limits);
            var prepared = Prepare(record, line, order, ids, check);
            if (prepared is { Content: var c } && (total += (Int128)c.Amount + c.Discount + (c.Cost ?? 0)) > LargestTotal)
                check.Refuse(RefusalCodes.OutOfRange, "The order's total does not fit: it must stay below 400000000000.", "amount");
            if (prepared is not null && (Replaces(record) || IsNew(prepared)) && ++count > Run.Limits.LinesPerOrder)
                check.Refuse(RefusalCodes.TooManyLines, $"An order has at most {Run.Limits.LinesPerOrder} lines; give the others to an order of their own.");
            if (prepared is not null && !check.Failed)
                lines.Add(prepared);
            else
                refusals.Add(check.Refusal!);
        }

        if (Run.Totals is { } totals
            && !totals.Take(target.Customer.Id, record.Currency.Value ?? target.Existing?.Row.Currency ?? Run.Settings.Currency, total))
            orderCheck.Refuse(RefusalCodes.OutOfRange, "The sum of the orders of this customer does not fit: it must stay below 922337203685477.", "amount");
        if (refusals.Count > 0 && Run.Options.WholeOrders)
            orderCheck.Refuse(
                refusals[0].Code,
                $"Line {refusals[0].Origin}: {refusals[0].Message}",
                string.Join('.', new[] { $"lines[{refusals[0].Origin}]", refusals[0].Field }.OfType<string>()));
        return lines;
    }

    /// <summary>What an order that was there consists of is kept; one without lines is filled.</summary>
    private bool LeavesLines(OrderRecord record, FactTarget<Order> target) => WasThere(target.Existing, target.Id)
        && (record.Mode == WriteMode.KeepExisting || (record.Mode == WriteMode.FillMissing && LinesOf(target.Id).Count > 0));

    /// <summary>The record's lines are all that the order will have.</summary>
    private static bool Replaces(OrderRecord record) => record.LinesAreComplete && (record.Lines is not null || record.Amount is not null);

    private bool IsNew(PreparedLine line) => Run.Lines.Find(line.Id) is null or { IsDeleted: true };

    /// <summary>
    /// An amount tells the whole order: its line takes the place of an earlier amount, and of all lines where lines are complete. Elsewhere lines that
    /// have a product or a key know better, so an amount that says something else is refused. Null: there is nothing to write.
    /// </summary>
    private PreparedLine? AmountLine(OrderRecord record, decimal amount, FactTarget<Order> target, Check check)
    {
        var kept = LinesOf(target.Id);
        OrderKind? kind = record.OrderKind.HasValue ? record.OrderKind.Value : amount == 0 ? target.Existing?.Row.Kind : null;
        var line = new LineRecord { Amount = amount, LineKind = kind };
        if (record.AddsLines)
            return Prepare(record, line, target.Id, new ContentIds(), check) is { } added ? added with { Record = null } : null;
        if (!Replaces(record) && kept.All.Exists(l => !l.IsDeleted && !IsAmount(l.Row)))
        {
            var sum = FixedPoint.ToDecimal(kept.Gross - kept.Returned);
            if (sum != amount)
                check.Refuse(
                    RefusalCodes.Inconsistent,
                    $"The order has lines that come to {sum}; an amount of {amount} contradicts them. Correct the lines, or leave the amount out.",
                    "amount");
            return null;
        }

        var amounts = LineAmounts.Of(line, check);
        return check.Failed ? null : new PreparedLine(null, KeylessLines.AmountId(target.Id), amounts.ContentOf(null));
    }

    /// <summary>A line that an amount left. Before they had an id of their own such lines looked like any line of nothing but an amount.</summary>
    private static bool IsAmount(OrderLine line)
        => line.Id == KeylessLines.AmountId(line.OrderId) || KeylessLines.IsKeyless(line.Id) && LineContent.Of(line).IsBare;

    private PreparedLine? Prepare(OrderRecord record, LineRecord line, Guid order, ContentIds ids, Check check)
    {
        var id = Identify(line, ExternalEntity.OrderLine, check);
        var row = id is { } known ? Run.Lines.Find(known) : null;
        if (line.Id is not null && row is null)
            check.Refuse(RefusalCodes.NotFound, "There is no such line in this order.", "id");
        else if (id is not null && row?.Row.OrderId != order)
            check.Refuse(RefusalCodes.Conflict, "This line belongs to another order.", "key");
        var product = Product(line.Product, check).Value;
        var amounts = LineAmounts.Of(line, check);
        if (check.Failed)
            return null;
        var content = amounts.ContentOf(product);
        return new PreparedLine(line, id ?? (line.Key.IsNone ? KeylessId(record, order, content, ids) : Run.NewId()), content);
    }

    private Guid KeylessId(OrderRecord record, Guid order, LineContent content, ContentIds told)
    {
        if (LinesOf(order).Keyless(told, corrects: !record.AddsLines).Find(content) is { } known)
            return known;
        var id = KeylessLines.NewId(Run.Clock);
        told.Take(id);
        return id;
    }

    private bool WriteLines(OrderRecord record, Order order, OrderLines kept, List<PreparedLine> lines)
    {
        var changed = Repeat(order, kept);
        var given = new HashSet<Guid>();
        foreach (var line in lines)
        {
            given.Add(line.Id);
            var status = WriteLine(order, kept, line);
            changed |= status != WriteStatus.Unchanged;
            if (line.Record is null)
                continue;
            Claim(line.Record, ExternalEntity.OrderLine, order.CustomerId, line.Id);
            Done(line.Record, status, line.Id, order.CustomerId);
        }

        foreach (var line in kept.All.Where(l => !l.IsDeleted && !given.Contains(l.Row.Id) && GivesWay(record, l.Row, given)).ToList())
        {
            kept.Remove(line);
            changed = true;
        }

        return changed;
    }

    /// <summary>Whether a line that the record does not tell goes. An order has lines or an amount: what comes later takes the other's place.</summary>
    private static bool GivesWay(OrderRecord record, OrderLine line, HashSet<Guid> given) =>
        Replaces(record)
        || given.Count > 0 && !record.AddsLines && (record.Amount is not null ? IsAmount(line) : line.Id == KeylessLines.AmountId(line.OrderId));

    private WriteStatus WriteLine(Order order, OrderLines kept, PreparedLine line)
    {
        var row = Run.Lines.Find(line.Id);
        if (row is { IsDeleted: false } && LineContent.Of(row.Row) == line.Content)
            return WriteStatus.Unchanged;
        var isNew = row is null;
        row ??= Run.Lines.Add(line.Id, new OrderLine { Id = line.Id, OrderId = order.Id });
        if (isNew)
            kept.All.Add(row);
        kept.Subtract(row);
        var l = row.Edit();
        row.IsDeleted = false;
        line.Content.WriteTo(l);
        Repeat(order, l);
        kept.Put(row);
        return isNew ? WriteStatus.Created : WriteStatus.Updated;
    }

    /// <summary>Writes what lines repeat of their order into the lines that are there.</summary>
    private static bool Repeat(Order order, OrderLines kept)
    {
        var any = false;
        foreach (var line in kept.All)
        {
            var l = line.Row;
            if (l.CustomerId == order.CustomerId && l.Day == order.Day && l.Hour == order.Hour && l.Currency == order.Currency && l.Channel == order.Channel
                && l.OwnerId == order.OwnerId && l.CancelledAt == order.CancelledAt)
                break; // Lines of one order agree with each other, so the first tells for all.
            Repeat(order, line.Edit());
            any = true;
        }

        return any;
    }

    private static void Repeat(Order order, OrderLine line)
    {
        (line.CustomerId, line.Day, line.Hour, line.Currency) = (order.CustomerId, order.Day, order.Hour, order.Currency);
        (line.Channel, line.OwnerId, line.CancelledAt) = (order.Channel, order.OwnerId, order.CancelledAt);
    }

    private static void Total(Order order, OrderLines lines, OrderKind kindWithoutLines)
    {
        (order.GrossAmount, order.ReturnedAmount, order.DiscountAmount, order.CostAmount) = (lines.Gross, lines.Returned, lines.Discount, lines.Cost);
        order.Kind = lines.SaleCount > 0 ? OrderKind.Sale : lines.Count > 0 ? OrderKind.Return : kindWithoutLines;
    }

    private OrderLines LinesOf(Guid order)
    {
        if (!_linesOf.TryGetValue(order, out var lines))
            _linesOf.Add(order, lines = new OrderLines());
        return lines;
    }
}
