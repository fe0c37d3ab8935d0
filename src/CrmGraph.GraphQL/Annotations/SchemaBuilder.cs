using System.Reflection;
using CrmGraph.GraphQL.Types;
using CrmGraph.GraphQL.Validation.TypeSystem;

namespace CrmGraph.GraphQL.Annotations;

/// <summary>The annotated code does not make a schema. <see cref="Problems"/> names every reason.</summary>
public sealed class SchemaException(IReadOnlyList<string> problems)
    : Exception(
        $"The schema has {problems.Count} problem{(problems.Count == 1 ? "" : "s")}:{Environment.NewLine}- {string.Join(Environment.NewLine + "- ", problems)}")
{
    public IReadOnlyList<string> Problems { get; } = problems;
}

/// <summary>
/// Makes a <see cref="Schema"/> from annotated classes. Stages: sort the classes by what they are; make the root types; follow every type that
/// a field needs; check; order. Resolvers are compiled once, here.
/// </summary>
public sealed class SchemaBuilder
{
    private readonly SchemaParts _parts = new();
    private readonly List<DirectiveDefinition> _directives = [];

    /// <summary>Adds every annotated class of an assembly.</summary>
    public SchemaBuilder AddTypes(Assembly assembly)
    {
        foreach (var type in assembly.GetTypes().OrderBy(t => t.FullName, StringComparer.Ordinal))
            _parts.Add(type);
        return this;
    }

    /// <summary>Adds one annotated class. Throws <see cref="ArgumentException"/> when nothing says what it is.</summary>
    public SchemaBuilder AddType(Type type)
    {
        if (!_parts.Add(type))
            throw new ArgumentException($"{type} has no annotation of a GraphQL type.", nameof(type));
        return this;
    }

    /// <summary>Adds fields made in code to the type of <typeparamref name="T"/> (or of all classes that implement it); a field of the same name is replaced.</summary>
    public SchemaBuilder AddFields<T>(Func<ITypeRegistry, IEnumerable<FieldDefinition>> fields)
    {
        _parts.MadeFields.Add((typeof(T), fields));
        return this;
    }

    /// <summary>Adds fields made in code to the type of this GraphQL name, roots (<c>Query</c>) included.</summary>
    public SchemaBuilder AddFields(string typeName, Func<ITypeRegistry, IEnumerable<FieldDefinition>> fields)
    {
        _parts.NamedMadeFields.Add((typeName, fields));
        return this;
    }

    /// <summary>Runs before any type is made: to register types by name. Types added here are in the schema even when no field has them.</summary>
    public SchemaBuilder Configure(Action<ITypeRegistry> configure)
    {
        _parts.Configurations.Add(configure);
        return this;
    }

    /// <summary>A scalar of this name instead of, or beside, the built-in ones.</summary>
    public SchemaBuilder AddScalar(ScalarType scalar)
    {
        _parts.Scalars[scalar.Name] = scalar;
        return this;
    }

    /// <summary>Values of this CLR type are of the scalar with this name.</summary>
    public SchemaBuilder BindScalar<T>(string scalarName)
    {
        _parts.ScalarBindings[typeof(T)] = scalarName;
        return this;
    }

    /// <summary>How ids of this CLR value are written: for keys of several parts.</summary>
    public SchemaBuilder AddNodeIdCodec(INodeIdCodec codec)
    {
        _parts.IdCodecs.Add(codec);
        return this;
    }

    /// <summary>The raw key of the node classes that are a <typeparamref name="T"/>, instead of their [ID] property alone. The last fitting one counts.</summary>
    /// <param name="properties">The properties whose Guids, one after the other, the key's codec writes; none when it is made of anything else.</param>
    public SchemaBuilder AddNodeKey<T>(Func<T, object> key, params IReadOnlyList<string> properties)
    {
        _parts.NodeKeys.Add((typeof(T), o => key((T)o), properties));
        return this;
    }

    public SchemaBuilder AddDirective(DirectiveDefinition directive)
    {
        _directives.Add(directive);
        return this;
    }

    public SchemaBuilder UseAuthorization(AuthorizationCheck check)
    {
        _parts.Authorization = check;
        return this;
    }

    /// <summary>The costs of fields whose method waits for something, where no [Cost] says them.</summary>
    /// <param name="eachParent">When it is called for every parent.</param>
    /// <param name="allParents">For each parent of a [BatchResolver], which is called once for all of them.</param>
    public SchemaBuilder UseAsynchronousCost(double eachParent, double allParents)
    {
        _parts.AsynchronousCost = (eachParent, allParents);
        return this;
    }

    public SchemaBuilder UseLimits(GraphQLLimits limits)
    {
        _parts.Limits = limits;
        return this;
    }

    /// <summary>Throws <see cref="SchemaException"/> with all problems.</summary>
    public Schema Build()
    {
        var types = new TypeRegistry(_parts);
        try
        {
            foreach (var configure in _parts.Configurations)
                configure(types);
            var query = Query(types);
            var mutation = Mutation(types);
            var subscription = Subscription(types);
            Follow(types, [query, mutation, subscription]);
            if (types.Problems.Count > 0)
                throw new SchemaException(types.Problems);
            return Finish(types, query, mutation, subscription);
        }
        catch (InvalidOperationException e)
        {
            throw new SchemaException([.. types.Problems, e.Message]);
        }
    }

    private ObjectType Query(TypeRegistry types)
    {
        var nodes = new NodeFields(types, _parts, _parts.Limits.NodesPerRequest);
        var root = types.GetOrAdd("Query", () => types.Fields.Root(
            "Query", "Reads data.", _parts.Queries, m => types.Fields.FromMethod(m, null), nodes.Make()));
        foreach (var node in _parts.Classes.Where(c => c.IsDefined(typeof(NodeAttribute), true)))
            types.Output(node);
        return root;
    }

    private ObjectType? Mutation(TypeRegistry types)
    {
        if (_parts.Mutations.Count == 0 && _parts.NamedMadeFields.All(f => f.Target != "Mutation"))
            return null;
        var convention = new MutationConvention(types, types.Fields);
        return types.GetOrAdd("Mutation", () => types.Fields.Root(
            "Mutation", "Changes data. The fields of one operation run one after another.", _parts.Mutations, convention.FromMethod, []));
    }

    private ObjectType? Subscription(TypeRegistry types)
    {
        if (_parts.Subscriptions.Count == 0 && _parts.NamedMadeFields.All(f => f.Target != "Subscription"))
            return null;
        var subscriptions = new SubscriptionFields(types, types.Fields);
        return types.GetOrAdd("Subscription", () => types.Fields.Root(
            "Subscription", "Streams live data. An operation selects one field.", _parts.Subscriptions, subscriptions.FromMethod, []));
    }

    // Reading a type's fields makes the types that they need, which are then read in turn.
    private static void Follow(TypeRegistry types, IEnumerable<NamedType?> roots)
    {
        var seen = new HashSet<NamedType>(ReferenceEqualityComparer.Instance);
        var waiting = new Queue<NamedType>(roots.OfType<NamedType>());
        while (true)
        {
            foreach (var type in types.All.ToList())
                if (!seen.Contains(type) && !waiting.Contains(type))
                    waiting.Enqueue(type);
            if (waiting.Count == 0)
                return;
            while (waiting.TryDequeue(out var type))
            {
                if (!seen.Add(type))
                    continue;
                types.GetOrAdd(type.Name, () => type);
                foreach (var next in Needed(types, type))
                    if (!seen.Contains(next))
                        waiting.Enqueue(next);
            }
        }
    }

    private static IEnumerable<NamedType> Needed(TypeRegistry types, NamedType type)
    {
        switch (type)
        {
            case FieldsType fields:
                foreach (var implementation in type is InterfaceType i ? Implementations(types, i.Name) : [])
                    yield return implementation;
                foreach (var up in fields.Interfaces)
                    yield return up;
                foreach (var field in fields.Fields)
                {
                    yield return field.Type.Named;
                    foreach (var argument in field.Arguments)
                        yield return argument.Type.Named;
                }

                break;
            case UnionType union:
                foreach (var member in union.Types)
                    yield return member;
                break;
            case InputObjectType input:
                foreach (var field in input.Fields)
                    yield return field.Type.Named;
                break;
        }
    }

    private static IEnumerable<NamedType> Implementations(TypeRegistry types, string interfaceName) => types.Parts.Classes
        .SelectMany(SchemaParts.Abstractions).Distinct().Where(a => Naming.Type(a) == interfaceName).SelectMany(types.Fields.Implementations);

    private Schema Finish(TypeRegistry types, ObjectType query, ObjectType? mutation, ObjectType? subscription)
    {
        // Introspection uses these two, so every schema has them.
        types.Scalar("String");
        types.Scalar("Boolean");
        ObjectType?[] roots = [query, mutation, subscription];
        var ordered = roots.OfType<NamedType>().Concat(types.All.Where(t => !roots.Contains(t)).OrderBy(t => t.Name, StringComparer.Ordinal)).ToList();
        var directives = SpecifiedDirectives.Specified.Concat(_directives).ToList();
        foreach (var directive in new[] { SpecifiedDirectives.Cost, SpecifiedDirectives.ListSize })
            if (directives.TrueForAll(d => d.Name != directive.Name) && ordered.Exists(t => Uses(t, directive.Name)))
                directives.Add(directive);
        var schema = new Schema(query, mutation, subscription, ordered, directives);
        var errors = SchemaChecker.Check(schema);
        return errors.Count == 0 ? schema : throw new SchemaException([.. errors.Select(e => e.Message)]);
    }

    private static bool Uses(NamedType type, string directive)
    {
        return Applied(type.AppliedDirectives) || type switch
        {
            FieldsType fields => fields.Fields.Any(f => Applied(f.AppliedDirectives) || f.Arguments.Any(a => Applied(a.AppliedDirectives))),
            InputObjectType input => input.Fields.Any(f => Applied(f.AppliedDirectives)),
            _ => false,
        };

        bool Applied(IReadOnlyList<AppliedDirective> directives) => directives.Any(d => d.Name == directive);
    }
}
