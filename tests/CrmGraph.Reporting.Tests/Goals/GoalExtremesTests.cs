using CrmGraph.Data.Model;
using CrmGraph.Reporting.Goals;
using CrmGraph.Reporting.Metrics.Definitions;
using Xunit;

namespace CrmGraph.Reporting.Tests.Goals;

/// <summary>Goals at their ends: nothing aimed at, nothing to gain, one day, and numbers at the edge of what can be stored or held.</summary>
public sealed class GoalExtremesTests
{
    private static readonly decimal[] Values =
        [0, 0.0001m, -0.0001m, 0.5m, 1, -1, 100, 900_000_000_000_000, -900_000_000_000_000, decimal.MaxValue, decimal.MinValue, 1e27m, -1e27m];

    [Fact]
    public void Every_goal_is_judged_and_nothing_is_expected_that_cannot_be()
    {
        var random = new Random(14);
        foreach (var metric in MetricCatalog.All)
            for (var i = 0; i < 200; i++)
            {
                var start = new DateOnly(1900, 1, 1).AddDays(random.Next(100_000));
                var goal = new Goal
                {
                    Metric = metric.Key, StartDay = start, Deadline = start.AddDays(random.Next(4) == 0 ? 0 : random.Next(40_000)),
                    Target = Stored(), Baseline = random.Next(3) == 0 ? null : Stored(),
                };
                if (random.Next(5) == 0)
                    goal.Baseline = goal.Target;
                var value = Values[random.Next(Values.Length)];
                value = value < metric.Minimum || value > metric.Maximum ? metric.Minimum ?? 0 : value;
                GoalProgress.Judge(goal, metric, value, start.AddDays(random.Next(50_000)));
                Assert.True(goal.Status is not (GoalStatus.Unknown or GoalStatus.NotStarted));
                Assert.False(goal.ExpectedAtDeadline < metric.Minimum || goal.ExpectedAtDeadline > metric.Maximum, $"{metric.Key} {goal.ExpectedAtDeadline}");
            }

        long Stored() => random.Next(4) switch
        {
            0 => 0,
            1 => random.Next(-20_000, 20_000),
            2 => 9_000_000_000_000_000_000,
            _ => -9_000_000_000_000_000_000,
        };
    }
}
