using CrmGraph.GraphQL.Execution.Columns;
using CrmGraph.GraphQL.Planning;
using CrmGraph.GraphQL.Types;
using Microsoft.Extensions.DependencyInjection;

namespace CrmGraph.GraphQL.Execution.Running;

/// <summary>The context of one field at one level. Its service scope is opened when first asked for.</summary>
internal sealed class FieldContext(Executor executor, PlannedField planned, ObjectGroup group) : ResolverContext, IAsyncDisposable
{
    private readonly Lock _lock = new();
    private IReadOnlyDictionary<string, object?>? _arguments;
    private IReadOnlyList<SelectedField>? _selections;
    private AsyncServiceScope? _scope;
    private ReadScope? _reading;

    public override Schema Schema => executor.Plan.Plan.Schema;
    public override ObjectType ParentType => planned.ParentType;
    public override FieldDefinition Field => planned.Definition;
    public override IReadOnlyList<object?> Parents => group.Parents;
    public override IReadOnlyDictionary<string, object?> Arguments => _arguments ??= planned.Arguments(executor.Variables);
    public override string ResponseName => planned.ResponseName;
    public override IReadOnlyList<SelectedField> Selections => _selections ??= planned.Selection?.Selected(executor.Variables) ?? [];
    public override RequestState State => executor.State;
    public override CancellationToken CancellationToken => executor.CancellationToken;
    public override StatementTally? Tally => executor.Tally;

    public override RowNeeds Needs(params ReadOnlySpan<string> fieldPath) => planned.Selection?.Needs(fieldPath) ?? RowNeeds.Nothing;
    public override IReadOnlyDictionary<string, object?>? ArgumentsBelow(params ReadOnlySpan<string> fieldPath)
        => planned.Below(fieldPath)?.Arguments(executor.Variables);
    public override T PerPlan<T>(Func<ResolverContext, T> make) => planned.PerPlan as T ?? (T)(planned.PerPlan = make(this));

    public override IServiceProvider HostServices => executor.Services;
    public override ReadScope? Reading => _reading;

    public override IServiceProvider Services
    {
        get
        {
            StatementTally.Enter(Tally);
            if (_reading is { } reading)
                return reading.Services;
            lock (_lock)
                _scope ??= executor.Services.GetService(typeof(IServiceScopeFactory)) is IServiceScopeFactory factory ? factory.CreateAsyncScope() : null;
            return _scope?.ServiceProvider ?? executor.Services;
        }
    }

    /// <summary>Takes the scope in which the fields of the operation read together, for a field that reads.</summary>
    public async ValueTask EnterAsync(ReadScopes scopes) => _reading = await scopes.OpenAsync(Field.Reads, CancellationToken);

    public ValueTask DisposeAsync() => _reading?.DisposeAsync() ?? _scope?.DisposeAsync() ?? default;
}
