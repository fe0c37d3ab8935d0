using System.Runtime.CompilerServices;

namespace CrmGraph.GraphQL.Planning;

/// <summary>A plan under fixed values of the variables of @skip and @include.</summary>
internal sealed class PlanVariant(OperationPlan plan, IReadOnlyDictionary<string, object?> conditions)
{
    private ObjectSelection? _root;
    private object? _kept;
    // Boxed: a reference is written whole, so that no other thread sees half of it.
    private StrongBox<PlannedReads>? _reads;

    public OperationPlan Plan { get; } = plan;
    public IReadOnlyDictionary<string, object?> Conditions { get; } = conditions;
    public ObjectSelection Root => _root ??= CollectFields.Of(this, Plan.RootType, [Plan.Operation.SelectionSet]);
    public PlannedReads Reads => (_reads ??= new(PlannedReads.Of(Plan.Schema, Root))).Value;

    /// <summary>What the next step (its price list) makes of the plan alone: made once and kept with it. Two threads may make it at once; either will do.</summary>
    public T Kept<T>(Func<PlanVariant, T> make) where T : class => _kept as T ?? (T)(_kept = make(this));
}
