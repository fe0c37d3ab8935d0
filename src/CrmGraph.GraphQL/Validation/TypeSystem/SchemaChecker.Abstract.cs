using CrmGraph.GraphQL.Language;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Validation.TypeSystem;

/// <summary>Unions and interfaces: IsValidImplementation of section 3.6.</summary>
public sealed partial class SchemaChecker
{
    private void Members(UnionType union)
    {
        if (union.MemberNames.Count == 0)
            Report($"Union \"{union}\" needs a member type.", [.. union.Nodes]);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in union.MemberNames)
            if (!seen.Add(name))
                Report($"Union \"{union}\" has the member \"{name}\" more than once.", [.. union.MemberNodes.Where(n => n.Name.Value == name)]);
            else if (Named(name) is { } type and not ObjectType)
                Report($"Union \"{union}\" can have object types only; \"{type}\" is none.", [.. union.MemberNodes.Where(n => n.Name.Value == name)]);
    }

    private void Interfaces(FieldsType type)
    {
        foreach (var name in type.InterfaceNames)
            if (Named(name) is { } other and not InterfaceType)
                Report($"Type \"{type}\" can implement interfaces only; \"{other}\" is none.", [.. InterfaceNodes(type, name)]);
        var seen = new HashSet<InterfaceType>();
        foreach (var implemented in type.Interfaces)
        {
            if (implemented == type)
                Report($"Type \"{type}\" cannot implement itself.", [.. InterfaceNodes(type, implemented.Name)]);
            else if (!seen.Add(implemented))
                Report($"Type \"{type}\" implements \"{implemented}\" more than once.", [.. InterfaceNodes(type, implemented.Name)]);
            else
                Implements(type, implemented);
        }
    }

    private static IEnumerable<NamedTypeNode> InterfaceNodes(FieldsType type, string name) => type.InterfaceNodes.Where(n => n.Name.Value == name);

    private void Implements(FieldsType type, InterfaceType implemented)
    {
        foreach (var above in implemented.InterfaceNames)
            if (!type.InterfaceNames.Contains(above, StringComparer.Ordinal))
            {
                var message = above == type.Name
                    ? $"Type \"{type}\" cannot implement \"{implemented}\", which implements it."
                    : $"Type \"{type}\" must implement \"{above}\" too, because \"{implemented}\" does.";
                Report(message, [.. InterfaceNodes(implemented, above), .. InterfaceNodes(type, implemented.Name)]);
            }

        foreach (var wanted in implemented.Fields)
            if (type.Field(wanted.Name) is { } field)
                Implements(type, field, implemented, wanted);
            else
                Report($"Type \"{type}\" needs the field \"{wanted.Name}\" of its interface \"{implemented}\".", [wanted.Node, .. type.Nodes]);
    }

    private void Implements(FieldsType type, FieldDefinition field, InterfaceType implemented, FieldDefinition wanted)
    {
        string own = $"{type}.{field.Name}", theirs = $"{implemented}.{wanted.Name}";
        if (!IsSubType(field.Type, wanted.Type))
            Report(
                $"Field \"{own}\" has the type \"{field.Type}\", which is not \"{wanted.Type}\" or a part of it as \"{theirs}\" has it.",
                wanted.Node?.Type,
                field.Node?.Type);
        foreach (var argument in wanted.Arguments)
            if (field.Argument(argument.Name) is not { } given)
                Report($"Field \"{own}\" needs the argument \"{argument.Name}\" of \"{theirs}\".", argument.Node, field.Node);
            else if (!IsSame(given.Type, argument.Type))
                Report(
                    $"Argument \"{own}({argument.Name}:)\" must have the type \"{argument.Type}\" as in \"{theirs}\", not \"{given.Type}\".",
                    argument.Node?.Type,
                    given.Node?.Type);
        foreach (var argument in field.Arguments)
            if (argument.IsRequired && wanted.Argument(argument.Name) is null)
                Report($"Argument \"{own}({argument.Name}:)\" cannot be required, because \"{theirs}\" does not have it.", argument.Node, wanted.Node);
        if (field.DeprecationReason is not null && wanted.DeprecationReason is null)
            Report($"Field \"{own}\" cannot be deprecated unless \"{theirs}\" is.", Deprecation(field.Node), field.Node?.Type);
    }

    /// <summary>IsSubType of section 3.6, IsValidImplementationFieldType.</summary>
    internal static bool IsSubType(GraphQLType type, GraphQLType of) => (type, of) switch
    {
        (NonNullType t, NonNullType o) => IsSubType(t.OfType, o.OfType),
        (_, NonNullType) => false,
        (NonNullType t, _) => IsSubType(t.OfType, of),
        (ListType t, ListType o) => IsSubType(t.OfType, o.OfType),
        (ObjectType t, UnionType o) => o.Types.Contains(t),
        (FieldsType t, InterfaceType o) => t == o || t.Interfaces.Contains(o),
        _ => type == of,
    };

    internal static bool IsSame(GraphQLType a, GraphQLType b) => (a, b) switch
    {
        (NonNullType x, NonNullType y) => IsSame(x.OfType, y.OfType),
        (ListType x, ListType y) => IsSame(x.OfType, y.OfType),
        _ => a == b,
    };
}
