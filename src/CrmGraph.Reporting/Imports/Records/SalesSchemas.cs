using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.Reporting.Imports.Maps;
using CrmGraph.Reporting.Ingest;

namespace CrmGraph.Reporting.Imports.Records;

internal sealed class ProductSchema : RecordSchema
{
    private readonly FieldDefinition _sku, _name, _category, _price, _currency;

    public ProductSchema() : base("product", RecordKind.Product)
    {
        AddKey(required: true);
        _sku = Add("sku", FieldType.Text);
        _name = Add("name", FieldType.Text);
        _category = Add("category", FieldType.Text, clearable: true);
        _price = Add("price", FieldType.Number, clearable: true);
        _currency = Add("currency", FieldType.Currency);
    }

    public override void Build(RecordValues values, BatchBuilder batch) => batch.Batch.Products.Add(new ProductRecord
    {
        Origin = values.Line,
        Mode = values.Mode,
        Key = values.Key,
        MoreKeys = values.MoreKeys,
        Sku = values.Text(_sku),
        Name = values.Text(_name),
        Category = values.Text(_category),
        Price = values.Number(_price),
        Currency = values.Number(_price) is { HasValue: true, Value: not null } ? values.Text(_currency) : default,
    });
}

internal sealed class OrderSchema : RecordSchema
{
    private readonly FieldDefinition _customer, _number, _orderedAt, _currency, _channel, _owner, _cancelledAt, _kind, _amount;
    private readonly FieldDefinition _shippingCountry, _shippingRegion, _shippingCity, _shippingPostalCode;

    public OrderSchema() : base("order", RecordKind.Order)
    {
        IsFact = true;
        Part = new LineSchema();
        HasAttributes = true;
        AddKey();
        _customer = AddCustomer();
        _number = Add("number", FieldType.Text, clearable: true);
        _orderedAt = Add("orderedAt", FieldType.Moment);
        _currency = Add("currency", FieldType.Currency);
        _channel = Add("channel", FieldType.Text, clearable: true);
        _owner = AddReference("owner", clearable: true);
        _cancelledAt = Add("cancelledAt", FieldType.Moment, clearable: true);
        _kind = Add("kind", FieldType.Choice<OrderKind>());
        _amount = Add("amount", FieldType.Number);
        _shippingCountry = Add("shippingCountry", FieldType.Text, clearable: true);
        _shippingRegion = Add("shippingRegion", FieldType.Text, clearable: true);
        _shippingCity = Add("shippingCity", FieldType.Text, clearable: true);
        _shippingPostalCode = Add("shippingPostalCode", FieldType.Text, clearable: true);
    }

    public override void Build(RecordValues values, BatchBuilder batch)
    {
        List<LineRecord>? lines = null;
        if (values.Part is { IsPresent: true } part)
        {
            lines = [((LineSchema)Part!).Make(part)];
            if (values.KeyText is { } key)
                batch.Remember(key, lines);
        }
        batch.Batch.Orders.Add(new OrderRecord
        {
            Origin = values.Line,
            Mode = values.Mode,
            Key = values.Key,
            MoreKeys = values.MoreKeys,
            Customer = values.OptionalReference(_customer),
            Number = values.Text(_number),
            OrderedAt = values.Moment(_orderedAt),
            Currency = values.RequiredText(_currency),
            Channel = values.Text(_channel),
            Owner = values.OptionalReference(_owner),
            CancelledAt = values.OptionalMoment(_cancelledAt),
            OrderKind = values.Choice<OrderKind>(_kind),
            Amount = values.NumberOrNull(_amount),
            ShippingCountry = values.Text(_shippingCountry),
            ShippingRegion = values.Text(_shippingRegion),
            ShippingCity = values.Text(_shippingCity),
            ShippingPostalCode = values.Text(_shippingPostalCode),
            Attributes = values.AttributeList(),
            Lines = lines,
        });
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
        _kind = Add("kind", FieldType.Choice<OrderKind>());
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

internal sealed class OpportunitySchema : RecordSchema
{
    private readonly FieldDefinition _customer, _name, _stage, _stageSince, _status, _amount, _currency, _probability, _channel, _owner, _openedAt,
        _expectedCloseDay, _closedAt;

    public OpportunitySchema() : base("opportunity", RecordKind.Opportunity)
    {
        IsFact = true;
        Part = new StageSchema();
        AddKey();
        _customer = AddCustomer();
        _name = Add("name", FieldType.Text);
        _stage = Add("stage", FieldType.Text);
        _stageSince = Add("stageSince", FieldType.Moment);
        _status = Add("status", FieldType.Choice<OpportunityStatus>());
        _amount = Add("amount", FieldType.Number, clearable: true);
        _currency = Add("currency", FieldType.Currency);
        _probability = Add("probability", FieldType.Percent, clearable: true);
        _channel = Add("channel", FieldType.Text, clearable: true);
        _owner = AddReference("owner", clearable: true);
        _openedAt = Add("openedAt", FieldType.Moment);
        _expectedCloseDay = Add("expectedCloseDay", FieldType.Day, clearable: true);
        _closedAt = Add("closedAt", FieldType.Moment);
    }

    public override IEnumerable<string> Contradictions(RecordPlan plan)
    {
        if (!plan.HasKey && !plan.Has(_name))
            yield return "needs 'key', 'name', or both";
        if (plan.Has(_closedAt) && plan.ConstantOf(_status) is { } status && (OpportunityStatus)(int)status.Number == OpportunityStatus.Open)
            yield return "is always open and has closedAt; an open one is not closed: give its status, or expectedCloseDay";
    }

    public override void Build(RecordValues values, BatchBuilder batch) => batch.Batch.Opportunities.Add(new OpportunityRecord
    {
        Origin = values.Line,
        Mode = values.Mode,
        Key = values.Key,
        MoreKeys = values.MoreKeys,
        Customer = values.OptionalReference(_customer),
        Name = values.Text(_name),
        Stage = values.RequiredText(_stage),
        StageSince = values.MomentOrNull(_stageSince),
        Stages = values.Part is { IsPresent: true } part ? [((StageSchema)Part!).Make(part)] : null,
        Status = values.Choice<OpportunityStatus>(_status),
        Amount = values.Number(_amount),
        Currency = values.RequiredText(_currency),
        Probability = values.Number(_probability) is { HasValue: true, Value: var percent }
            ? new(percent is null ? null : (int)Math.Round(Math.Clamp(percent.Value, -1, 101), MidpointRounding.ToEven)) : default(Optional<int?>),
        Channel = values.Text(_channel),
        Owner = values.OptionalReference(_owner),
        OpenedAt = values.Moment(_openedAt),
        ExpectedCloseDay = values.OptionalDay(_expectedCloseDay),
        ClosedAt = values.OptionalMoment(_closedAt),
    });
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

internal sealed class ContractSchema : RecordSchema
{
    private readonly FieldDefinition _customer, _plan, _startDay, _endDay, _monthlyAmount, _currency;

    public ContractSchema() : base("contract", RecordKind.Contract)
    {
        IsFact = true;
        AddKey();
        _customer = AddCustomer();
        _plan = Add("plan", FieldType.Text, clearable: true);
        _startDay = Add("startDay", FieldType.Day);
        _endDay = Add("endDay", FieldType.Day, clearable: true);
        _monthlyAmount = Add("monthlyAmount", FieldType.Number, clearable: true);
        _currency = Add("currency", FieldType.Currency);
    }

    public override void Build(RecordValues values, BatchBuilder batch) => batch.Batch.Contracts.Add(new ContractRecord
    {
        Origin = values.Line,
        Mode = values.Mode,
        Key = values.Key,
        MoreKeys = values.MoreKeys,
        Customer = values.OptionalReference(_customer),
        Plan = values.Text(_plan),
        StartDay = values.Day(_startDay),
        EndDay = values.OptionalDay(_endDay),
        MonthlyAmount = values.Number(_monthlyAmount),
        Currency = values.Text(_currency),
    });
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
