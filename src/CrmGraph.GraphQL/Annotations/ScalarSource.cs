using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Annotations;

/// <summary>The scalars that come with the engine, by name.</summary>
internal static class ScalarSource
{
    public static ScalarType? Find(string name) => new(name);
}
