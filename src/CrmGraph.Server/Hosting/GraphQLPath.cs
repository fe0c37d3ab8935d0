namespace CrmGraph.Server.Hosting;

/// <summary>Where the graph is served: what comes here goes past the framework's routing.</summary>
public static class GraphQLPath
{
    private const string Path = "/graphql";

    public static bool IsAt(PathString path) => path.Equals(Path) || path.Equals(Path + "/");
}
