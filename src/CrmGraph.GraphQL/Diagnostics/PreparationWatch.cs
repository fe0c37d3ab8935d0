using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Language;
using CrmGraph.GraphQL.Planning;

namespace CrmGraph.GraphQL.Diagnostics;

/// <summary>Stands around the steps that prepare one document, and tells the operation how long they took.</summary>
internal sealed class PreparationWatch
{
    private TimeSpan _parse;
    private TimeSpan _validate;

    public DocumentNode Parse(Func<DocumentNode> parse) => Time("parse", parse, out _parse);

    public IReadOnlyList<GraphQLError> Validate(Func<IReadOnlyList<GraphQLError>> validate) => Time("validate", validate, out _validate);

    public PreparedOperation Plan(Func<PreparedOperation> plan)
    {
        var operation = Time("plan", plan, out var time);
        operation.Prepared(new(_parse, _validate, time));
        return operation;
    }

    private static T Time<T>(string stage, Func<T> step, out TimeSpan time)
    {
        using var timed = EngineTelemetry.Begin(stage);
        var result = step();
        time = timed.Elapsed;
        return result;
    }
}
