using System.Reflection;
using CrmGraph.GraphQL.Execution.Columns;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Annotations;

/// <summary>
/// The one hook on a field: may change its type, add arguments and wrap its resolver when the schema is built. Attributes are applied
/// in ascending <see cref="Order"/>, innermost first, whatever their order in the source: filter (100), sort (200), page (300), authorise (1000).
/// </summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Property, AllowMultiple = false)]
public abstract class FieldAttribute : Attribute
{
    public abstract int Order { get; }
    public abstract void Configure(FieldBuilder field, ITypeRegistry types);
}

/// <summary>A field while the schema is being built.</summary>
public sealed class FieldBuilder
{
    public required string Name { get; set; }
    public string? Description { get; set; }
    public string? DeprecationReason { get; set; }
    /// <summary>The method or property behind the field.</summary>
    public required MemberInfo Member { get; init; }
    /// <summary>The CLR type that has the field.</summary>
    public required Type DeclaringClrType { get; init; }
    /// <summary>The CLR type of one result, with Task and batch list taken off: <c>IQueryable&lt;Customer&gt;</c>.</summary>
    public required Type ResultClrType { get; set; }
    /// <summary>Until it is set, what the member's own type becomes: found when it is asked for, so that a type which no field has is not in the schema.</summary>
    public GraphQLType Type { get => field ??= OwnType(); set; }
    public required Func<GraphQLType> OwnType { private get; init; }
    public List<InputValueDefinition> Arguments { get; } = [];
    public List<AppliedDirective> Directives { get; } = [];
    public required FieldResolver Resolver { get; set; }
    /// <summary>The fast way to the value of a plain property; null for methods. It is dropped when <see cref="Resolver"/> is replaced and this is not.</summary>
    public FieldReader? Reader { get; set; }
    /// <summary>See <see cref="FieldDefinition.ParentProperties"/>.</summary>
    public IReadOnlyList<string>? ParentProperties { get; set; }
    public SubscribeResolver? Subscribe { get; set; }
    /// <summary>What a request of the field costs, where its directives cannot say it.</summary>
    public FieldPricing? Pricing { get; set; }
    /// <summary>See <see cref="FieldDefinition.ArgumentShare"/>.</summary>
    public double ArgumentShare { get; set; } = 1;
    /// <summary>See <see cref="FieldDefinition.Reads"/>. 1 for methods that take a service, the services or the whole context.</summary>
    public int Reads { get; set; }
    /// <summary>See <see cref="FieldDefinition.Tag"/>.</summary>
    public object? Tag { get; set; }

    /// <summary>Shows every value of the field, where it is not null, as <paramref name="map"/> makes it, with another type (given as nullable; a non-null field stays non-null).</summary>
    /// <param name="neverFails">Promises that <paramref name="map"/> takes every value, so that it may wait until the answer is written.</param>
    public void Map<TFrom, TTo>(NamedType type, Func<TFrom, TTo> map, bool neverFails = false) where TFrom : notnull where TTo : notnull
    {
        Type = Type is NonNullType ? new NonNullType(type) : type;
        ResultClrType = typeof(TTo);
        var inner = Resolver;
        var original = Reader;
        Resolver = async context =>
        {
            var values = await inner(context);
            var mapped = new object?[values.Count];
            for (var i = 0; i < mapped.Length; i++)
                mapped[i] = values[i] is TFrom value and not (FieldFailure or Exception) ? map(value) : values[i];
            return mapped;
        };
        Reader = original is null ? null : new MappedReader<TFrom, TTo>(original, map, neverFails);
    }
}

/// <summary>Finds and makes types while the schema is being built. Types made through it are shared by name.</summary>
public interface ITypeRegistry
{
    /// <summary>The output type of a CLR type, nullable.</summary>
    NamedType Output(Type clrType);
    /// <summary>The input type of a CLR type (scalar, enum or input class), nullable.</summary>
    NamedType Input(Type clrType);
    ScalarType Scalar(string name);
    /// <summary>The type of this name, made on first use.</summary>
    T GetOrAdd<T>(string name, Func<T> make) where T : NamedType;
    NamedType? Find(string name);
    /// <summary>Writes and reads global ids.</summary>
    NodeIds NodeIds { get; }
    /// <summary>What the server that the schema is for allows.</summary>
    GraphQLLimits Limits { get; }
    /// <summary>The type of a member or parameter with lists and nullability: what a property of that type would have as a field.</summary>
    GraphQLType OutputOf(MemberInfo member);
    /// <summary>The GraphQL name of a property or of the type of a CLR type.</summary>
    string NameOf(MemberInfo member);
    string? DescriptionOf(MemberInfo member);
}
