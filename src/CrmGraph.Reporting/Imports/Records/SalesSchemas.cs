using CrmGraph.Data.Model;
using CrmGraph.Reporting.Imports.Maps;
using CrmGraph.Reporting.Ingest.Fields;
using CrmGraph.Reporting.Ingest.Records;

namespace CrmGraph.Reporting.Imports.Records;

internal sealed class ProductSchema : TableSchema<ProductRecord>
{
    public ProductSchema() : base("product", RecordKind.Product, RecordFields.Products.Fields, batch => batch.Products)
    {
        var (price, currency) = (Find("price"), Find("currency"));
        Set(r => r.Currency, values => values.Number(price).Value is null ? default : values.Text(currency));
    }
}

internal sealed class OrderSchema : TableSchema<OrderRecord>
{
    private readonly FieldDefinition _amount;

    public OrderSchema() : base("order", RecordKind.Order, RecordFields.Orders.Fields, batch => batch.Orders)
    {
        Part = new LineSchema();
        HasAttributes = true;
        _amount = Find("amount");
        Set(r => r.Attributes, values => values.AttributeList());
        Set(r => r.Lines, values => values.Part is { IsPresent: true } part ? [((LineSchema)Part).Make(part)] : null);
    }

    public override void Build(RecordValues values, BatchBuilder batch)
    {
        var order = Make(values);
        batch.Batch.Orders.Add(order);
        if (values.KeyText is { } key && order.Lines is List<LineRecord> lines)
            batch.Remember(key, lines);
    }

    public override IEnumerable<string> Contradictions(RecordPlan plan)
    {
        if (plan.Has(_amount) && plan.Part is { When: null })
            yield return "has a line and an amount; the amount of an order is the sum of its lines, so give one of them";
    }

    /// <summary>A further line of an order that the batch holds; false when it does not, or there is no line.</summary>
    public bool TryAddLine(RecordValues values, BatchBuilder batch)
    {
        if (values.Part is not { IsPresent: true } part || values.KeyText is not { } key || batch.LinesOf(key) is not { } lines)
            return false;
        lines.Add(((LineSchema)Part!).Make(part));
        return true;
    }
}

/// <summary>A payment of an order that an earlier record, or an earlier file, has brought.</summary>
internal sealed class PaymentSchema : RecordSchema
{
    private readonly FieldDefinition _order, _paidAt, _amount, _method, _reference;

    public PaymentSchema() : base("payment", RecordKind.Order)
    {
        _order = AddReference("order", required: true);
        _paidAt = Add("paidAt", FieldType.Moment, required: true);
        _amount = Add("amount", FieldType.Number, required: true);
        _method = Add("method", FieldType.Text);
        _reference = Add("reference", FieldType.Text);
    }

    public override void Build(RecordValues values, BatchBuilder batch) => batch.Batch.Orders.Add(new OrderRecord
    {
        Origin = values.Line,
        Mode = WriteMode.UpdateOnly,
        Key = values.Reference(_order).Key,
        Payments = [new PaymentEntry(values[_paidAt].Moment, values[_amount].Number, values.TextOrNull(_method), values.TextOrNull(_reference))],
    });
}

internal sealed class LineSchema : RecordSchema
{
    private readonly FieldDefinition _product, _kind, _quantity, _unitPrice, _discount, _amount, _cost;

    public LineSchema() : base("line", RecordKind.OrderLine)
    {
        IsFact = true;
        AddKey();
        _product = AddReference("product");
        _kind = Add("kind", FieldType.Choice(typeof(OrderKind)));
        _quantity = Add("quantity", FieldType.Number);
        _unitPrice = Add("unitPrice", FieldType.Number);
        _discount = Add("discount", FieldType.Number);
        _amount = Add("amount", FieldType.Number);
        _cost = Add("cost", FieldType.Number);
    }

    public override IEnumerable<string> Contradictions(RecordPlan plan)
    {
        if (plan.Has(_unitPrice) && plan.Has(_amount))
            yield return "has unitPrice and amount, and a line takes one of them; where some rows have the one and some the other, "
                + "compute it: amount: \"= coalesce(Amount, Quantity * Price)\"";
        else if (!plan.Has(_unitPrice) && !plan.Has(_amount))
            yield return "needs unitPrice or amount";
    }

    public LineRecord Make(RecordValues values) => new()
    {
        Origin = values.Line,
        Mode = values.Mode,
        Key = values.Key,
        Product = values.Reference(_product),
        LineKind = values.ChoiceOrNull<OrderKind>(_kind),
        Quantity = values.NumberOrNull(_quantity),
        UnitPrice = values.NumberOrNull(_unitPrice),
        Discount = values.NumberOrNull(_discount),
        Amount = values.NumberOrNull(_amount),
        Cost = values.NumberOrNull(_cost),
    };

    public override void Build(RecordValues values, BatchBuilder batch) => throw new System.Diagnostics.UnreachableException("a line is built with its order");
}

internal sealed class OpportunitySchema : TableSchema<OpportunityRecord>
{
    private readonly FieldDefinition _name, _status, _closedAt;

    public OpportunitySchema() : base("opportunity", RecordKind.Opportunity, RecordFields.Opportunities.Fields, batch => batch.Opportunities)
    {
        Part = new StageSchema();
        (_name, _status, _closedAt) = (Find("name"), Find("status"), Find("closedAt"));
        Set(r => r.Stages, values => values.Part is { IsPresent: true } part ? [((StageSchema)Part).Make(part)] : null);
    }

    public override IEnumerable<string> Contradictions(RecordPlan plan)
    {
        if (!plan.HasKey && !plan.Has(_name))
            yield return "needs 'key', 'name', or both";
        if (plan.Has(_closedAt) && plan.ConstantOf(_status) is { } status && (OpportunityStatus)(int)status.Number == OpportunityStatus.Open)
            yield return "is always open and has closedAt; an open one is not closed: give its status, or expectedCloseDay";
    }
}

/// <summary>An entry into a stage, for files of an opportunity's history.</summary>
internal sealed class StageSchema : RecordSchema
{
    private readonly FieldDefinition _stage, _enteredAt;

    public StageSchema() : base("history", RecordKind.Opportunity)
    {
        _stage = Add("stage", FieldType.Text, required: true);
        _enteredAt = Add("enteredAt", FieldType.Moment, required: true);
    }

    public StageEntry Make(RecordValues values) => new(values.TextOrNull(_stage)!, values[_enteredAt].Moment);

    public override void Build(RecordValues values, BatchBuilder batch)
        => throw new System.Diagnostics.UnreachableException("a stage is built with its opportunity");
}

internal sealed class ExchangeRateSchema : RecordSchema
{
    private readonly FieldDefinition _currency, _day, _rate;

    public ExchangeRateSchema() : base("exchangeRate", RecordKind.ExchangeRate)
    {
        _currency = Add("currency", FieldType.Currency, required: true);
        _day = Add("day", FieldType.Day, required: true);
        _rate = Add("rate", FieldType.Number, required: true);
        Identity = [_currency, _day];
    }

    public override void Build(RecordValues values, BatchBuilder batch) => batch.Batch.ExchangeRates.Add(new ExchangeRateRecord
    {
        Origin = values.Line,
        Mode = values.Mode,
        Currency = values.TextOrNull(_currency)!,
        Day = values[_day].Day,
        Rate = values[_rate].Number,
    });
}
