using CrmGraph.Data.Model;

namespace CrmGraph.Reporting.Demo;

/// <summary>Contacts, tickets and survey responses. Complaints come some days after an order; slow handling costs satisfaction.</summary>
internal sealed class ServiceMaker(IdSequence ids, LocalClock clock, TeamMember[] agents)
{
    private static readonly string[] Enquiries = ["Where is my order?", "发票 Invoice", "How long does it keep?", "Bulk price", "礼盒定制 Gift box with logo"];
    private static readonly string[] Complaints = ["Cup arrived broken", "茶叶受潮 Tea was damp", "Late delivery", "Wrong item", "包装破损 Damaged parcel"];
    private static readonly string[] Praise = ["Lovely tea", "很好，会再买", "Fast and friendly"];
    private static readonly string[] Blame = ["Too slow", "价格偏高", "The parcel was damaged"];

    // How fast an answer comes, how long the matter then takes, how much of it is never settled, and how content that leaves people.
    private static readonly ServiceChannel[] Channels =
    [
        new("Email", 42, 300, 1.5, 0.09, -0.2), new("Phone", 18, 2, 0.6, 0.03, 0.15), new("Chat", 25, 8, 0.8, 0.05, 0.1), new(
            "WeChat",
            15,
            45,
            1.2,
            0.13,
            -0.05),
    ];

    private static readonly double[] Weights = [.. Channels.Select(c => c.Weight)];

    public void Make(Draw draw, Customer customer, DemoBatch batch)
    {
        for (var i = batch.Orders.Count - 1; i >= 0 && batch.Orders[i].CustomerId == customer.Id; i--)
        {
            var local = batch.Orders[i].Day.ToDateTime(new TimeOnly(batch.Orders[i].Hour, 30));
            if (draw.Chance(0.11))
                MakeTicket(draw, customer, local.AddDays(draw.Gamma(2) * 2), batch);
            if (draw.Chance(0.13))
                MakeAnswer(draw, customer, local.AddDays(5 + draw.Below(20)), batch);
        }
        for (var n = draw.Weighted(customer.Kind == CustomerKind.Company ? [20, 25, 25, 15, 15] : [65, 25, 10]); n > 0; n--)
            MakeInteraction(draw, customer, batch);
    }

    private void MakeTicket(Draw draw, Customer customer, DateTime local, DemoBatch batch)
    {
        if (local >= clock.Now)
            return;
        var at = clock.At(local);
        var complaint = draw.Chance(0.3);
        var channel = Channels[draw.Weighted(Weights)];
        var answered = local.AddMinutes(1 + draw.Exponential(1 / channel.MinutesToAnswer));
        // Most are settled in a day or two; a few take weeks.
        var hours = draw.Exponential(complaint ? 1d / 30 : 1d / 8) * channel.Slowness * (draw.Chance(0.08) ? 12 : 1);
        var resolved = answered.AddHours(hours);
        var closed = !draw.Chance(complaint ? channel.Unsettled : channel.Unsettled / 4) && resolved < clock.Now;
        var slow = Math.Clamp(hours / 40, 0, 1.5);
        batch.Tickets.Add(new Ticket
        {
            CustomerId = customer.Id, Id = ids.Next(), Kind = complaint ? TicketKind.Complaint : TicketKind.Enquiry, Channel = channel.Name,
            Subject = draw.One(complaint ? Complaints : Enquiries), OpenedAt = at.Utc, Day = at.Day, Hour = at.Hour,
            FirstResponseAt = answered < clock.Now ? clock.At(answered).Utc : null, FirstResponseDay = answered < clock.Now ? clock.At(answered).Day : null,
            ResolvedAt = closed ? clock.At(resolved).Utc : null, ResolvedDay = closed ? clock.At(resolved).Day : null,
            AgentId = agents[draw.Below(agents.Length)].Id,
            Csat = closed && draw.Chance(0.5) ? (int)Math.Clamp(Math.Round(4.5 - slow - (complaint ? 0.5 : 0) + 0.8 * draw.Normal()), 1, 5) : null,
        });
    }

    private void MakeAnswer(Draw draw, Customer customer, DateTime local, DemoBatch batch)
    {
        if (local >= clock.Now)
            return;
        var at = clock.At(local);
        var channel = Channels[draw.Weighted(Weights)];
        var nps = draw.Chance(0.6);
        var score = nps
            ? (int)Math.Clamp(Math.Round(8.3 + 2 * channel.Content + 1.9 * draw.Normal()), 0, 10)
            : (int)Math.Clamp(Math.Round(4.2 + channel.Content + 0.9 * draw.Normal()), 1, 5);
        batch.SurveyResponses.Add(new SurveyResponse
        {
            CustomerId = customer.Id, Id = ids.Next(), Kind = nps ? SurveyKind.Nps : SurveyKind.Csat, Score = score, ScaleMaximum = nps ? 10 : 5,
            Comment = draw.Chance(0.25)
                ? draw.One(score >= (nps ? 8 : 4) ? Praise : Blame)
                : null, Channel = channel.Name, AnsweredAt = at.Utc, Day = at.Day, Hour = at.Hour,
        });
    }

    private void MakeInteraction(Draw draw, Customer customer, DemoBatch batch)
    {
        var known = customer.Day.ToDateTime(new TimeOnly(9, 0));
        var local = known.AddDays(1 + draw.Uniform() * Math.Max(0, (clock.Now - known).TotalDays - 2)).Date.AddHours(9).AddMinutes(draw.Below(540));
        if (local >= clock.Now)
            return;
        var at = clock.At(local);
        var kind = (InteractionKind)draw.Weighted([30, 35, 10, 12, 6, 5, 2]);
        batch.Interactions.Add(new Interaction
        {
            CustomerId = customer.Id, Id = ids.Next(), Kind = kind, Channel = Channels[draw.Weighted(Weights)].Name, Subject = draw.One(
                Enquiries), OccurredAt = at.Utc, Day = at.Day, Hour = at.Hour,
            DurationSeconds = kind is InteractionKind.Call or InteractionKind.Meeting or InteractionKind.Visit
                ? 60 + draw.Below(3_000)
                : null, OwnerId = customer.OwnerId,
        });
    }

    private sealed record ServiceChannel(string Name, double Weight, double MinutesToAnswer, double Slowness, double Unsettled, double Content);
}
