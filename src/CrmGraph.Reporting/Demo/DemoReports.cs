using CrmGraph.Data.Model;

namespace CrmGraph.Reporting.Demo;

/// <summary>How the demo company's people read their reports: managers in most weeks, the others now and then, all of them more after the end of a month.</summary>
internal static class DemoReports
{
    // Runs outlive their reports: these were of three that the company has no more.
    private const int Reports = 3;

    public static IReadOnlyList<ReportRun> Runs(IdSequence ids, Draw draw, LocalClock clock, DateTime start, IReadOnlyList<TeamMember> readers)
    {
        var reports = Enumerable.Range(0, Reports).Select(_ => ids.Next()).ToArray();
        var runs = new List<ReportRun>();
        for (var day = start; day < clock.Now.Date; day = day.AddDays(1))
            foreach (var reader in readers)
                if (day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && draw.Chance(Chance(reader, day)))
                    runs.Add(Run(reader, clock.At(day.AddHours(8).AddMinutes(draw.Below(600)))));
        return runs;

        ReportRun Run(TeamMember reader, LocalMoment at) => new()
        {
            Id = ids.Next(),
            ReportId = draw.One(reports),
            Version = 1,
            Reader = reader.Name,
            RanAt = at.Utc,
            Day = at.Day,
        };
    }

    private static double Chance(TeamMember reader, DateTime day) => (reader.ManagerId is null ? 0.15 : 0.01) * (day.Day <= 5 ? 3 : 1);
}
