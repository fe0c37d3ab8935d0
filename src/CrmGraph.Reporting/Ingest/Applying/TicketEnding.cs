using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.Reporting.Ingest.Fields;
using CrmGraph.Reporting.Ingest.Records;

namespace CrmGraph.Reporting.Ingest.Applying;

/// <summary>What a record says of a ticket's end, checked field by field.</summary>
internal readonly record struct Resolution(Optional<DateTime?> ResolvedAt, Optional<DateTime?> ReopenedAt, Optional<int> Count)
{
    private const int MostReopenings = 10_000;

    public static Resolution Checked(TicketRecord record, Check check)
    {
        check.Range(record.ReopenCount.Value, 0, MostReopenings, "reopenCount");
        check.Moment(record.ResolvedAt.Value, "resolvedAt");
        check.Moment(record.ReopenedAt.Value, "reopenedAt");
        return new(Stored.Moment(record.ResolvedAt), Stored.Moment(record.ReopenedAt), record.ReopenCount);
    }

    /// <summary>How the ticket will stand; rules between its moments are checked as it will be.</summary>
    public TicketEnding After(Ticket? before, DateTime opened, Change change, Check check)
    {
        var resolved = change.After(before?.ResolvedAt, ResolvedAt);
        var reopened = change.After(before?.ReopenedAt, ReopenedAt);
        if (resolved < opened)
            check.Refuse(RefusalCodes.Inconsistent, "resolvedAt lies before openedAt.", "resolvedAt");
        if (reopened < opened)
            check.Refuse(RefusalCodes.Inconsistent, "reopenedAt lies before openedAt.", "reopenedAt");
        var count = change.After(CountAfter(before, reopened), Count, isMissing: before is not { ReopenCount: > 0 });
        if (Count.HasValue && reopened is not null && count == 0)
            check.Refuse(
                RefusalCodes.Inconsistent,
                "reopenCount is 0, and reopenedAt says that the ticket was reopened; leave reopenCount out to have it counted.",
                "reopenCount");
        // By days a ticket may be reopened and resolved at the same moment: then it is resolved.
        return new(resolved < reopened ? null : resolved, reopened, count);
    }

    private static int CountAfter(Ticket? before, DateTime? reopened)
    {
        var count = before?.ReopenCount ?? 0;
        var last = before?.ReopenedAt;
        return reopened == last ? count : reopened is null ? 0 : reopened > last ? count + 1 : Math.Max(count, 1);
    }
}

/// <summary>How a ticket stands: resolved or not, and reopened how often. One that was reopened is not resolved until it is resolved again.</summary>
internal readonly record struct TicketEnding(DateTime? ResolvedAt, DateTime? ReopenedAt, int ReopenCount)
{
    public void WriteTo(Ticket ticket, ref Change change)
    {
        ticket.ResolvedAt = change.To(ticket.ResolvedAt, ResolvedAt);
        ticket.ReopenedAt = change.To(ticket.ReopenedAt, ReopenedAt);
        ticket.ReopenCount = change.To(ticket.ReopenCount, ReopenCount);
    }
}
