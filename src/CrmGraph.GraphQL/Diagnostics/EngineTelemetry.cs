using System.Diagnostics;
using System.Diagnostics.Metrics;
using CrmGraph.GraphQL.Execution.Response;
using CrmGraph.GraphQL.Language;

namespace CrmGraph.GraphQL.Diagnostics;

/// <summary>
/// What the engine tells of itself by <see cref="System.Diagnostics"/>, with the names of OpenTelemetry's semantic conventions for GraphQL servers.
/// Operations are told by name, kind and hash; no document, variable or result is. Where nobody listens nothing is made.
/// </summary>
public static class EngineTelemetry
{
    /// <summary>The name of the engine's <see cref="ActivitySource"/> and of its <see cref="Meter"/>.</summary>
    public const string Name = "CrmGraph.GraphQL";

    // Both are how .NET publishes a library's telemetry: one for the process, without state of ours.
    private static readonly ActivitySource Source = new(Name);
    private static readonly Meter Meter = new(Name);
    private static readonly Histogram<double> Durations = Meter.CreateHistogram<double>(
        "graphql.server.operation.duration",
        "s",
        "Time of an operation from its variables to its result; of a subscription, until it is open.");
    private static readonly Histogram<double> Stages = Meter.CreateHistogram<double>(
        "graphql.server.stage.duration",
        "s",
        "Time of one stage: parse, validate, plan, execute.");
    private static readonly Histogram<double> Costs = Meter.CreateHistogram<double>(
        "graphql.server.operation.cost",
        "{cost}",
        "Field cost and type cost of an operation together.");
    private static readonly Counter<long> Errors = Meter.CreateCounter<long>("graphql.server.errors", "{error}", "Errors in responses, by their code.");
    private static readonly UpDownCounter<long> Subscriptions = Meter.CreateUpDownCounter<long>(
        "graphql.server.subscriptions.active",
        "{subscription}",
        "Subscriptions that are open.");
    private static readonly UpDownCounter<long> Operations = Meter.CreateUpDownCounter<long>(
        "graphql.server.operations.active",
        "{operation}",
        "Operations that are being executed.");
    private static readonly UpDownCounter<long> Queued = Meter.CreateUpDownCounter<long>(
        "graphql.server.operations.queued",
        "{operation}",
        "Operations that wait for their turn.");
    private static readonly Counter<long> Refusals = Meter.CreateCounter<long>(
        "graphql.server.operations.refused",
        "{operation}",
        "Operations that were not begun because the server had too many, by the limit that was reached.");

    internal static bool HasListeners
        => Source.HasListeners() || Durations.Enabled || Errors.Enabled || Operations.Enabled || Costs.Enabled || Subscriptions.Enabled;

    /// <summary>Begins a stage, ended by disposing it.</summary>
    internal static Stage Begin(string stage) => new(stage);

    internal static void Opened(int subscriptions) => Subscriptions.Add(subscriptions);

    internal static void Running(int operations) => Operations.Add(operations);

    internal static void Waiting(int operations) => Queued.Add(operations);

    /// <param name="limit">The property of <see cref="GraphQLLimits"/>.</param>
    internal static void Refused(string limit) => Refusals.Add(1, new KeyValuePair<string, object?>("graphql.limit", limit));

    /// <summary>The span of one operation; null when nobody listens.</summary>
    internal static Activity? Operation(OperationDefinitionNode operation)
    {
        var kind = Printer.Word(operation.Operation);
        var activity = Source.StartActivity(kind);
        activity?.SetTag("graphql.operation.type", kind);
        if (operation.Name?.Value is { } name)
            activity?.SetTag("graphql.operation.name", name);
        return activity;
    }

    /// <summary>Ends the operation's span and counts it.</summary>
    internal static void End(Activity? activity, OperationDefinitionNode? operation, ExecutionResult result, TimeSpan duration, Func<string?> hash)
    {
        var code = result.Errors.Count == 0 ? null : result.Errors[0].Code ?? "UNKNOWN";
        foreach (var error in result.Errors)
            Errors.Add(1, new KeyValuePair<string, object?>("error.type", error.Code ?? "UNKNOWN"));
        if (operation is not null)
        {
            // The client chooses the name: a metric by it would have no end of series.
            var tags = new TagList { { "graphql.operation.type", Printer.Word(operation.Operation) } };
            if (code is not null)
                tags.Add("error.type", code);
            Durations.Record(duration.TotalSeconds, tags);
            if (result.Cost is { } cost)
                Costs.Record(cost.Cost.Total, tags);
        }

        if (activity is null)
            return;
        if (hash() is { } text)
            activity.SetTag("graphql.document.hash", "sha256:" + text);
        if (code is not null)
            activity.SetTag("error.type", code).SetStatus(ActivityStatusCode.Error);
    }

    /// <summary>One stage of an operation: a span under whatever is current, and a measurement.</summary>
    internal readonly struct Stage(string name) : IDisposable
    {
        private readonly Activity? _activity = Source.HasListeners() ? Source.StartActivity("graphql." + name) : null;
        private readonly long _began = Stopwatch.GetTimestamp();

        public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_began);

        public void Dispose()
        {
            _activity?.Dispose();
            if (Stages.Enabled)
                Stages.Record(Elapsed.TotalSeconds, new KeyValuePair<string, object?>("graphql.stage", name));
        }
    }
}
