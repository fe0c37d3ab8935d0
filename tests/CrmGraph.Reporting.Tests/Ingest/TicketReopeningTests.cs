using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.Reporting.Ingest.Records;
using CrmGraph.TestKit;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace CrmGraph.Reporting.Tests.Ingest;

/// <summary>A ticket that was reopened is not resolved until it is resolved again.</summary>
public sealed class TicketReopeningTests
{
    private static readonly DateTime Noon = new(2026, 3, 4, 12, 0, 0, DateTimeKind.Utc);
    private static TicketRecord Ticket(int? resolved = null, int? reopened = null, Optional<int> count = default, WriteMode mode = WriteMode.Upsert) => new()
    {
        Key = new("shop", "T"), Mode = mode, OpenedAt = Noon, Priority = TicketPriority.High, ReopenCount = count,
        ResolvedAt = resolved is { } r ? new Optional<DateTime?>(Noon.AddDays(r)) : default, ReopenedAt = reopened is { } o
            ? new Optional<DateTime?>(Noon.AddDays(o))
            : default,
    };

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Reopenings_are_counted_and_end_a_resolution(DatabaseKind kind)
    {
        await using var crm = await WriterFixture.CreateAsync(kind);
        foreach (var (record, status, expected) in new[]
        {
            (Ticket(resolved: 1), WriteStatus.Created, "1 - 0"),
            (Ticket(reopened: 2), WriteStatus.Updated, "- 2 1"),
            (Ticket(resolved: 1, reopened: 2), WriteStatus.Unchanged, "- 2 1"),
            (Ticket(resolved: 3), WriteStatus.Updated, "3 2 1"),
            (Ticket(reopened: 4), WriteStatus.Updated, "- 4 2"),
            (Ticket(resolved: 4), WriteStatus.Updated, "4 4 2"),
            (Ticket(reopened: 5, mode: WriteMode.KeepExisting), WriteStatus.Unchanged, "4 4 2"),
            (Ticket(reopened: 5, mode: WriteMode.FillMissing), WriteStatus.Unchanged, "4 4 2"),
            (Ticket(reopened: 3), WriteStatus.Updated, "4 3 2"),
            (Ticket(count: 7), WriteStatus.Updated, "4 3 7"),
            (new() { Key = new("shop", "T"), ReopenedAt = new Optional<DateTime?>(null) }, WriteStatus.Updated, "4 - 0"),
        })
        {
            var outcome = await crm.WriteAsync(b => b.Tickets.Add(record));
            Assert.Empty(outcome.Refusals);
            Assert.Equal((status, expected), (outcome.Results(RecordKind.Ticket)[0].Status, await ShownAsync(crm)));
        }
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task What_cannot_be_is_refused(DatabaseKind kind)
    {
        await using var crm = await WriterFixture.CreateAsync(kind);
        foreach (var (record, code, field) in new[]
        {
            (Ticket(reopened: -1), RefusalCodes.Inconsistent, "reopenedAt"),
            (Ticket(reopened: 1, count: 0), RefusalCodes.Inconsistent, "reopenCount"),
            (Ticket(count: -1), RefusalCodes.OutOfRange, "reopenCount"),
            (Ticket(count: 10_001), RefusalCodes.OutOfRange, "reopenCount"),
        })
        {
            var refusal = Assert.Single((await crm.WriteAsync(b => b.Tickets.Add(record))).Refusals);
            Assert.Equal((code, field), (refusal.Code, refusal.Field));
        }
    }

    private static async Task<string> ShownAsync(WriterFixture crm)
    {
        var ticket = await crm.ReadAsync(c => c.Tickets.SingleAsync());
        Assert.Equal(TicketPriority.High, ticket.Priority);
        return $"{Days(ticket.ResolvedAt)} {Days(ticket.ReopenedAt)} {ticket.ReopenCount}";
    }

    private static string Days(DateTime? moment) => moment is { } at ? $"{(at - Noon).TotalDays}" : "-";
}
