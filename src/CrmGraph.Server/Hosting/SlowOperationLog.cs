using CrmGraph.GraphQL.Diagnostics;
using CrmGraph.Reporting.Access;

namespace CrmGraph.Server.Hosting;

/// <summary>Writes slow operations to the log: which one, whose, and where the time went. Never a value.</summary>
public static partial class SlowOperationLog
{
    public static Action<SlowOperation> To(ILoggerFactory logs)
    {
        var log = logs.CreateLogger("CrmGraph.SlowOperations");
        return slow =>
        {
            if (log.IsEnabled(LogLevel.Warning))
                Write(log, slow);
        };
    }

    private static void Write(ILogger log, SlowOperation slow) => Slow(log,
        slow.Kind, slow.Name ?? "(no name)", slow.Hash, slow.State.Get<Caller>()?.Name ?? "nobody", slow.Total.TotalMilliseconds,
        slow.Preparation.Parse.TotalMilliseconds, slow.Preparation.Validate.TotalMilliseconds, slow.Preparation.Plan.TotalMilliseconds,
        slow.Execution.TotalMilliseconds,
        slow.Statements, slow.StatementTime.TotalMilliseconds, slow.Codes.Count == 0 ? "none" : string.Join(", ", slow.Codes));

    [LoggerMessage(LogLevel.Warning,
        "Slow {Kind} {Name} (sha256:{Hash}) of {Caller}: {Total:0.0} ms, of it parse {Parse:0.0}, validate {Validate:0.0}, plan {Plan:0.0}, "
        + "execute {Execute:0.0}; {Statements} statements in {StatementTime:0.0} ms; errors: {Codes}")]
    private static partial void Slow(
        ILogger log,
        string kind,
        string name,
        string hash,
        string caller,
        double total,
        double parse,
        double validate,
        double plan,
        double execute,
        int statements,
        double statementTime,
        string codes);
}
