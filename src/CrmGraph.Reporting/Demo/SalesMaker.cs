using CrmGraph.Data.Model;

namespace CrmGraph.Reporting.Demo;

/// <summary>What a customer buys, brings back and negotiates.</summary>
internal sealed class SalesMaker(IdSequence ids, LocalClock clock, Catalogue catalogue)
{
    private static readonly (string Name, int Probability)[] Stages = [("Qualification", 10), ("Needs analysis", 30), ("Proposal", 55), ("Negotiation", 80)];
    private readonly OrderNumbers numbers = new();

    public void Make(Draw draw, DemoCustomer customer, DemoBatch batch)
    {
        var company = customer.Row.Kind == CustomerKind.Company;
        var model = company ? PurchaseModel.Company : PurchaseModel.Person;
        // One in eight never buys; the others buy soon after they became known.
        if (!draw.Chance(0.125))
        {
            var mean = model.MeanValue(draw);
            var first = customer.Created.AddMinutes(draw.Chance(0.6) ? 3 : 60 + draw.Exponential(1d / 20_000));
            foreach (var at in model.Purchases(draw, first, clock.Now))
            {
                var local = at == first ? at : at.Date.Add(draw.TimeOfDay(customer.Place));
                if (local < first)
                    local = at;
                if (local >= clock.Now)
                    break;
                MakeOrder(draw, customer, local, model.Value(draw, mean), batch);
            }
        }
        if (company)
            MakeBusiness(draw, customer, batch);
    }

    private void MakeOrder(Draw draw, DemoCustomer customer, DateTime local, double value, DemoBatch batch)
    {
        var at = clock.At(local);
        var order = NewOrder(customer, at, OrderKind.Sale);
        order.Channel = draw.Chance(0.55) ? customer.Row.AcquisitionChannel : Names.Channels[draw.Weighted([40, 22, 20, 8, 5, 5])];
        order.CancelledAt = draw.Chance(0.02) && local.AddHours(3) < clock.Now ? at.Utc.AddHours(1 + draw.Below(2)) : null;
        // The model's values are in dollars; lines are added until their value is about reached.
        var left = value * Catalogue.InEuros("USD") / Catalogue.InEuros(order.Currency) * FixedPoint.MoneyUnit;
        var promotion = draw.Chance(0.2) ? draw.Between(1, 4) * 5 : 0;
        var lines = 1 + draw.Weighted([38, 32, 18, 12]);
        var from = batch.Lines.Count;
        for (var i = 0; i < lines; i++)
            AddLine(draw, order, left / lines, promotion, batch);
        customer.FirstPurchase ??= local;
        customer.LastPurchase = local;
        batch.Orders.Add(order);
        var back = local.AddDays(3 + draw.Below(18));
        if (order.CancelledAt is null && draw.Chance(0.05) && back < clock.Now)
            MakeReturn(customer, order, batch.Lines[from], back, batch);
    }

    private void AddLine(Draw draw, Order order, double target, int discountPercent, DemoBatch batch)
    {
        var product = Catalogue.Take(draw, order.Day);
        var price = catalogue.Price(product, order.Currency);
        var pieces = Math.Clamp((long)Math.Round(target / price), 1, 500);
        var full = price * pieces;
        // To whole cents.
        var discount = full * discountPercent / 100 / 100 * 100;
        var line = NewLine(order, OrderKind.Sale);
        (line.ProductId, line.Quantity, line.UnitPrice, line.DiscountAmount, line.Amount, line.CostAmount) =
            (catalogue.Products[product].Id, pieces * FixedPoint.MoneyUnit, price, discount, full - discount, Catalogue.Cost(product, full));
        order.GrossAmount += line.Amount;
        order.DiscountAmount += discount;
        order.CostAmount += line.CostAmount;
        batch.Lines.Add(line);
    }

    private void MakeReturn(DemoCustomer customer, Order of, OrderLine line, DateTime local, DemoBatch batch)
    {
        var order = NewOrder(customer, clock.At(local), OrderKind.Return);
        (order.Channel, order.ReturnedAmount) = (of.Channel, line.Amount);
        var back = NewLine(order, OrderKind.Return);
        (back.ProductId, back.Quantity, back.UnitPrice, back.DiscountAmount, back.Amount, back.CostAmount) =
            (line.ProductId, line.Quantity, line.UnitPrice, line.DiscountAmount, line.Amount, line.CostAmount);
        batch.Orders.Add(order);
        batch.Lines.Add(back);
    }

    private Order NewOrder(DemoCustomer customer, LocalMoment at, OrderKind kind) => new()
    {
        CustomerId = customer.Row.Id, Id = ids.Next(), Kind = kind, Number = numbers.Next(kind, at.Day), OrderedAt = at.Utc, Day = at.Day, Hour = at.Hour,
        Currency = customer.Place.Currency, OwnerId = customer.Row.OwnerId, CostAmount = 0,
    };

    private OrderLine NewLine(Order order, OrderKind kind) => new()
    {
        CustomerId = order.CustomerId, Id = ids.Next(), OrderId = order.Id, Kind = kind, Day = order.Day, Hour = order.Hour, Currency = order.Currency,
        Channel = order.Channel, OwnerId = order.OwnerId, CancelledAt = order.CancelledAt,
    };

    private void MakeBusiness(Draw draw, DemoCustomer customer, DemoBatch batch)
    {
        for (var n = draw.Weighted([30, 35, 20, 15]); n > 0; n--)
        {
            var from = customer.Created;
            var opened = from.AddDays(draw.Uniform() * (clock.Now - from).TotalDays).Date.AddHours(9 + draw.Below(8));
            if (opened > customer.Created && opened < clock.Now)
                MakeOpportunity(draw, customer, opened, batch);
        }
        if (!draw.Chance(0.25))
            return;
        var begin = DateOnly.FromDateTime(customer.Created).AddDays(30);
        if (begin > clock.Today)
            return;
        var end = begin.AddYears(draw.Between(1, 3));
        batch.Contracts.Add(new Contract
        {
            CustomerId = customer.Row.Id, Id = ids.Next(), Plan = draw.Chance(0.5) ? "Office tea" : "Hotel supply", StartDay = begin,
            EndDay = draw.Chance(0.4)
                ? end
                : null, MonthlyAmount = Round(draw.Between(5, 40) * 20, customer.Place.Currency), Currency = customer.Place.Currency,
        });
    }

    /// <summary>About as much as so many euros, in tens of the currency.</summary>
    private static long Round(int euros, string currency) => (long)(euros / Catalogue.InEuros(currency) / 10) * 10 * FixedPoint.MoneyUnit;

    private void MakeOpportunity(Draw draw, DemoCustomer customer, DateTime opened, DemoBatch batch)
    {
        var at = clock.At(opened);
        var won = draw.Chance(customer.Row.AcquisitionChannel is "Partner" or "Phone" ? 0.45 : 0.32);
        var last = won ? Stages.Length : 1 + draw.Below(Stages.Length);
        var row = new Opportunity
        {
            CustomerId = customer.Row.Id, Id = ids.Next(), Name = $"{customer.Row.Name}: {draw.One(Names.Interests)}", Currency = customer.Place.Currency,
            Amount = draw.Chance(0.9)
                ? Round(draw.Between(4, 200) * 50, customer.Place.Currency)
                : null, Channel = customer.Row.AcquisitionChannel, OwnerId = customer.Row.OwnerId,
            OpenedAt = at.Utc, Day = at.Day, Hour = at.Hour, ExpectedCloseDay = at.Day.AddDays(30 + draw.Below(90)),
        };
        var moment = opened;
        for (var stage = 0; stage < last && moment < clock.Now; stage++)
        {
            (row.Stage, row.Probability) = Stages[stage];
            batch.OpportunityStages.Add(new OpportunityStage
            {
                CustomerId = row.CustomerId,
                Id = ids.Next(),
                OpportunityId = row.Id,
                Stage = row.Stage,
                EnteredAt = clock.At(moment).Utc
            });
            moment = moment.AddDays(2 + draw.Gamma(2) * 7);
        }
        if (moment < clock.Now)
        {
            var closed = clock.At(moment);
            (row.Status, row.Probability, row.ClosedAt, row.ClosedDay) = (won ? OpportunityStatus.Won : OpportunityStatus.Lost, won
                ? 100
                : 0, closed.Utc, closed.Day);
        }
        batch.Opportunities.Add(row);
    }
}
