namespace CrmGraph.GraphQL.Types;

/// <summary>The place of one field in the state that the fields of an operation read together.</summary>
public abstract class ReadScope : IAsyncDisposable
{
    /// <summary>Services that read this state, made when first asked for.</summary>
    public abstract IServiceProvider Services { get; }

    public abstract ValueTask DisposeAsync();
}
