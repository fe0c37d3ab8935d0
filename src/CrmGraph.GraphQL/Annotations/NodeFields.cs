using System.Collections;
using System.Reflection;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Annotations;

/// <summary>The Node interface, <c>node</c> and <c>nodes</c>, as Relay defines them.</summary>
internal sealed class NodeFields(TypeRegistry types, SchemaParts parts, int nodesPerRequest)
{
    private sealed record Loader(string TypeName, Type IdType, Invocation Invoke, Type ResultType);

    public const string IdDescription = "The ID of the object, unique across all types.";

    public static InterfaceType Interface(TypeRegistry types) => types.GetOrAdd("Node", () => new InterfaceType("Node",
        () => [new FieldDefinition("id", new NonNullType(types.Scalar("ID"))) { Description = IdDescription }])
    {
        Description = "An object that can be fetched again by its ID.",
    });

    public IReadOnlyList<FieldDefinition> Make()
    {
        var nodes = parts.Classes.Where(c => c.IsDefined(typeof(NodeAttribute), true)).ToList();
        if (nodes.Count == 0)
            return [];
        var loaders = new Dictionary<string, Loader>(StringComparer.Ordinal);
        foreach (var node in nodes)
            if (Find(node) is { } loader)
                loaders[loader.TypeName] = loader;
        var type = Interface(types);
        var id = new NonNullType(types.Scalar("ID"));
        return
        [
            new FieldDefinition("node", type)
            {
                Description = "Fetches an object by its ID. Null if it does not exist or the caller may not see it.",
                Arguments = [new InputValueDefinition("id", id) { Description = "The ID of the object." }],
                AppliedDirectives = Costs(null),
                Reads = 1,
                Resolver = async context =>
                {
                    var loaded = await LoadAsync(context, [context.Argument<string>("id")!], loaders);
                    return [loaded[0] is FieldFailure failure ? throw new GraphQLException(failure.Error) : loaded[0]];
                },
            },
            new FieldDefinition("nodes", new NonNullType(new ListType(type)))
            {
                Description = "Fetches objects by their IDs, in the same order. Null in place of an object that does not exist or that the caller may not see.",
                Arguments = [new InputValueDefinition("ids", new NonNullType(new ListType(id))) { Description = "The IDs of the objects." }],
                AppliedDirectives = Costs(new(nodesPerRequest, ["ids"], null, [], false)),
                // One statement per type.
                Reads = 2,
                Resolver = async context => [await LoadManyAsync(context, loaders)],
            },
        ];
    }

    private List<AppliedDirective> Costs(ListSize? size)
    {
        List<AppliedDirective> costs = [];
        if (parts.AsynchronousCost is not { } usual)
            return costs;
        if (size is not null)
            costs.Add(CostDirectives.ListSize(size));
        costs.Add(CostDirectives.Cost(usual.EachParent));
        return costs;
    }

    private Loader? Find(Type node)
    {
        var name = Naming.Type(node);
        var methods = parts.Extensions.Where(e => e.Target == node).Select(e => e.Class).Append(node)
            .SelectMany(c => c.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Where(m => m.IsDefined(typeof(NodeResolverAttribute))).ToList();
        if (methods.Count != 1)
        {
            types.Problems.Add(
                $"{name} is a [Node] and needs exactly one [NodeResolver] method in a class with [ObjectType<{node.Name}>]; it has {methods.Count}.");
            return null;
        }

        return types.Fields.Try(methods[0], () => Compile(name, methods[0]));
    }

    private static Loader Compile(string name, MethodInfo method)
    {
        var ids = method.GetParameters().FirstOrDefault(p => ClrTypes.Element(p.ParameterType) is not null)
            ?? throw new InvalidOperationException("a [NodeResolver] takes IReadOnlyList<TId>.");
        var idType = ClrTypes.Element(ids.ParameterType)!;
        var values = method.GetParameters().Select(p => p == ids ? ResolverCompiler.SourceList(p.ParameterType, idType) : ResolverCompiler.ServiceParameter(p))
            .ToArray();
        var awaited = ClrTypes.AwaitedType(method.ReturnType);
        var result = awaited ?? method.ReturnType;
        if (!ClrTypes.IsDictionary(result))
            throw new InvalidOperationException("a [NodeResolver] returns IReadOnlyDictionary<TId, T>.");
        return new Loader(name, idType, ResolverCompiler.Call(method, values, awaited), result);
    }

    private async ValueTask<IReadOnlyList<object?>> LoadManyAsync(ResolverContext context, Dictionary<string, Loader> loaders)
    {
        var ids = ((IEnumerable<object?>)context.Arguments["ids"]!).Cast<string>().ToList();
        if (ids.Count > nodesPerRequest)
        {
            throw new GraphQLException(ErrorCodes.TooManyNodes,
                $"At most {nodesPerRequest} nodes can be fetched at once; {ids.Count} were asked for. Ask for them in parts.");
        }

        return await LoadAsync(context, ids, loaders);
    }

    private async ValueTask<object?[]> LoadAsync(ResolverContext context, IReadOnlyList<string> ids, Dictionary<string, Loader> loaders)
    {
        var results = new object?[ids.Count];
        var byType = new Dictionary<string, List<(int Position, object Id)>>(StringComparer.Ordinal);
        for (var i = 0; i < results.Length; i++)
        {
            try
            {
                var name = types.NodeIds.Current(NodeIds.TypeNameOf(ids[i]) ?? throw NodeIds.Malformed(ids[i], null));
                if (!loaders.TryGetValue(name, out var loader))
                    throw NodeIds.Malformed(ids[i], null);
                if (!byType.TryGetValue(name, out var list))
                    byType[name] = list = [];
                list.Add((i, types.NodeIds.Parse(ids[i], loader.IdType, name)));
            }
            catch (GraphQLException e)
            {
                results[i] = new FieldFailure(e.Error);
            }
        }

        foreach (var (name, wanted) in byType)
        {
            var loader = loaders[name];
            var distinct = wanted.Select(w => w.Id).Distinct().ToList();
            var found = (IEnumerable?)await loader.Invoke(context, distinct);
            var byId = Pairs.Read(found, loader.ResultType);
            foreach (var (position, id) in wanted)
                results[position] = byId.GetValueOrDefault(id);
        }

        return results;
    }
}

/// <summary>Reads any dictionary as one of objects.</summary>
internal static class Pairs
{
    public static Dictionary<object, object?> Read(IEnumerable? dictionary, Type type)
    {
        var read = new Dictionary<object, object?>();
        if (dictionary is null)
            return read;
        if (dictionary is IDictionary plain)
        {
            foreach (DictionaryEntry entry in plain)
                read[entry.Key] = entry.Value;
            return read;
        }

        var element = PairType(type);
        var key = element.GetProperty("Key")!;
        var value = element.GetProperty("Value")!;
        foreach (var pair in dictionary)
            read[key.GetValue(pair)!] = value.GetValue(pair);
        return read;
    }

    private static Type PairType(Type type) => typeof(KeyValuePair<,>).MakeGenericType(type.GetInterfaces().Prepend(type)
        .First(
            i => i.IsGenericType && i.GetGenericTypeDefinition() is var d
                && (d == typeof(IReadOnlyDictionary<,>) || d == typeof(IDictionary<,>))).GetGenericArguments());
}
