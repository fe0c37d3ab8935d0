using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Annotations;

// Names and meanings are HotChocolate's, so that its users know them.

/// <summary>A static class whose public methods become fields of the query root. Several classes merge into one root.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class QueryTypeAttribute : Attribute;

[AttributeUsage(AttributeTargets.Class)]
public sealed class MutationTypeAttribute : Attribute;

[AttributeUsage(AttributeTargets.Class)]
public sealed class SubscriptionTypeAttribute : Attribute;

/// <summary>A static class whose methods add fields to (or, with <see cref="BindMemberAttribute"/>, replace fields of) the object type of <typeparamref name="T"/>.</summary>
[AttributeUsage(AttributeTargets.Class)]
public class ObjectTypeAttribute<T> : Attribute;

/// <summary>Adds fields to the type of this GraphQL name.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ExtendObjectTypeAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}

/// <summary>On an interface or abstract class: it becomes a GraphQL interface. On a marker interface without members: a union.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Interface)]
public sealed class InterfaceTypeAttribute : Attribute;

[AttributeUsage(AttributeTargets.Class | AttributeTargets.Interface)]
public sealed class UnionTypeAttribute : Attribute;

/// <summary>The class implements the Node interface; one static method of its type class is the <see cref="NodeResolverAttribute"/>.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NodeAttribute : Attribute
{
    /// <summary>What the type was called before. IDs that were given out under that name stay valid; new ones are not written under it.</summary>
    public string? FormerName { get; set; }
}

/// <summary>What a value of an enum was called before: it is still understood under that name, and neither written nor shown under it.</summary>
[AttributeUsage(AttributeTargets.Field)]
public sealed class FormerNameAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}

/// <summary>Loads nodes by raw ids: <c>(IReadOnlyList&lt;TId&gt; ids, services...) -&gt; IReadOnlyDictionary&lt;TId, T&gt;</c>, absent when not found or not visible.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NodeResolverAttribute : Attribute;

/// <summary>An ID: on a member or parameter of Guid, int, long, string or a type with an id codec. Node ids carry the type's name.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter | AttributeTargets.Method)]
public class IDAttribute(string? typeName = null) : Attribute
{
    public string? TypeName { get; } = typeName;
}

/// <summary>An ID of the node type of <typeparamref name="T"/>; an id of another type is refused.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter | AttributeTargets.Method)]
public sealed class IDAttribute<T>() : IDAttribute(typeof(T).Name);

/// <summary>The parameter is the parent; in a <see cref="BatchResolverAttribute"/> method an <c>IReadOnlyList&lt;TParent&gt;</c> of all parents.</summary>
/// <param name="requires">Names of the parent's properties that the method reads, separated by blanks: no others need be set. All when left out.</param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class ParentAttribute(string? requires = null) : Attribute
{
    public string? Requires { get; } = requires;
}

/// <summary>The method gets all parents and returns one result per parent, in order: <c>IReadOnlyList&lt;T&gt;</c> (or a task of it).</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BatchResolverAttribute : Attribute;

/// <summary>The method replaces the field of this member.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BindMemberAttribute(string member) : Attribute
{
    public string Member { get; } = member;
}

/// <summary>A subscription field: <c>With</c> names the method of the same class that opens the stream; the field's method maps an event to the value.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SubscribeAttribute : Attribute
{
    public string? With { get; init; }
}

/// <summary>The event of a subscription.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class EventMessageAttribute : Attribute;

/// <summary>The parameter comes from the service provider; optional where the type is registered.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class ServiceAttribute : Attribute;

/// <summary>The parameter comes from <see cref="RequestState"/> by its type.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class GlobalStateAttribute : Attribute;

[AttributeUsage(AttributeTargets.All)]
public sealed class GraphQLNameAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}

/// <summary>The description in the schema. Without it the XML documentation's summary is taken.</summary>
[AttributeUsage(AttributeTargets.All)]
public sealed class GraphQLDescriptionAttribute(string text) : Attribute
{
    public string Text { get; } = text;
}

[AttributeUsage(AttributeTargets.All)]
public sealed class GraphQLDeprecatedAttribute(string reason) : Attribute
{
    public string Reason { get; } = reason;
}

[AttributeUsage(AttributeTargets.All)]
public sealed class GraphQLIgnoreAttribute : Attribute;

/// <summary>The GraphQL type, written as in SDL: <c>[GraphQLType("[Decimal!]!")]</c>.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter | AttributeTargets.Method | AttributeTargets.ReturnValue)]
public sealed class GraphQLTypeAttribute(string type) : Attribute
{
    public string Type { get; } = type;
}

/// <summary>A default for an argument or input field, as a GraphQL literal: <c>[DefaultValue("50")]</c>.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class DefaultValueAttribute(string literal) : Attribute
{
    public string Literal { get; } = literal;
}

/// <summary>An input class of which exactly one field is given.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class OneOfAttribute : Attribute;

/// <summary>
/// A domain error of a mutation: exceptions of <typeparamref name="T"/> become entries of the payload's <c>errors</c>. The object type
/// <c>XError</c> has the exception's public declared properties, <c>message</c> and <c>code</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class, AllowMultiple = true)]
public sealed class ErrorAttribute<T> : Attribute where T : Exception;

/// <summary>Needs a caller in one of the roles; the host decides what a role is.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class | AttributeTargets.Property)]
public sealed class AuthorizeAttribute : Attribute
{
    public string[]? Roles { get; init; }
}

/// <summary>Weight of the field, argument or input field for cost analysis; printed as <c>@cost(weight: "N")</c>.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class CostAttribute(double weight) : Attribute
{
    public double Weight { get; } = weight;
}

/// <summary>How long the field's list may become; printed as <c>@listSize</c>. What is left at its default is not printed.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Property)]
public sealed class ListSizeAttribute : Attribute
{
    /// <summary>The greatest length; 0 when unknown.</summary>
    public int AssumedSize { get; init; }
    public string[] SlicingArguments { get; init; } = [];
    /// <summary>The length when no slicing argument is given; 0 when unknown.</summary>
    public int SlicingArgumentDefaultValue { get; init; }
    public string[] SizedFields { get; init; } = [];
    public bool RequireOneSlicingArgument { get; init; }

    internal ListSize Size => new(
        AssumedSize > 0 ? AssumedSize : null, SlicingArguments, SlicingArgumentDefaultValue > 0
            ? SlicingArgumentDefaultValue
            : null, SizedFields, RequireOneSlicingArgument);
}
