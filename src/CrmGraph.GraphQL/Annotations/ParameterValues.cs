using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Annotations;

/// <summary>What compiled methods call to get the values of their parameters.</summary>
internal static class ParameterValues
{
    private static readonly Dictionary<string, object?> Nothing = [];

    public static T Argument<T>(IReadOnlyDictionary<string, object?> arguments, string name, Func<object?, object?> convert, T fallback) =>
        arguments.TryGetValue(name, out var value) ? (T)convert(value)! : fallback;

    public static Optional<T> OptionalArgument<T>(IReadOnlyDictionary<string, object?> arguments, string name, Func<object?, object?> convert) =>
        arguments.TryGetValue(name, out var value) ? new Optional<T>((T)convert(value)!) : default;

    public static IReadOnlyDictionary<string, object?> InputFields(ResolverContext context, string name) =>
        context.Arguments.TryGetValue(name, out var value) && value is InputObject input ? input.Fields : Nothing;

    public static T State<T>(ResolverContext context) where T : class => context.State.Require<T>();

    public static T Service<T>(ResolverContext context) => context.Services.GetService(typeof(T)) is T service ? service
        : throw new InvalidOperationException($"{context.ParentType.Name}.{context.Field.Name} needs the service {typeof(T)}, which is not registered.");

    public static T StateOrService<T>(ResolverContext context) where T : class => context.State.Get<T>() ?? Service<T>(context);

    public static async ValueTask<object?> Await<T>(Task<T> task) => await task;

    public static async ValueTask<object?> Await<T>(ValueTask<T> task) => await task;
}
