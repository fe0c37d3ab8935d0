using System.Reflection;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Annotations;

/// <summary>
/// Makes input object types of CLR classes and records. An instance is made by its only (or longest) public constructor, then the given
/// properties are set; a property that was not given keeps what its initialiser says.
/// </summary>
internal sealed class InputTypes(TypeRegistry types)
{
    private sealed record Member(string Name, ParameterInfo? Parameter, PropertyInfo? Property, Type Type, InputValueDefinition Definition)
    {
        public required Func<object?, object?> Convert { get; init; }
    }

    public InputObjectType Make(Type type)
    {
        var members = new Lazy<List<Member>>(() => Members(type));
        return new InputObjectType(Naming.Input(type), () => [.. members.Value.Select(m => m.Definition)])
        {
            Description = types.DescriptionOf(type),
            IsOneOf = type.GetCustomAttribute<OneOfAttribute>() is not null,
            ClrType = type,
            Bind = input => Bind(type, members.Value, input),
        };
    }

    private List<Member> Members(Type type)
    {
        var oneOf = type.GetCustomAttribute<OneOfAttribute>() is not null;
        var parameters = Constructor(type)?.GetParameters() ?? [];
        var members = new List<Member>();
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.GetIndexParameters().Length > 0 || property.GetCustomAttribute<GraphQLIgnoreAttribute>() is not null)
                continue;
            var parameter = parameters.FirstOrDefault(
                p => p.ParameterType == property.PropertyType && string.Equals(p.Name, property.Name, StringComparison.OrdinalIgnoreCase));
            if (parameter is null && property.SetMethod is not { IsPublic: true })
                continue;
            members.Add(Make(property, parameter, oneOf));
        }

        return members;
    }

    private Member Make(PropertyInfo property, ParameterInfo? parameter, bool oneOf)
    {
        var name = Naming.Field(property);
        var id = (property.GetCustomAttribute<IDAttribute>() ?? parameter?.GetCustomAttribute<IDAttribute>()) is { } a ? new IdUse(a.TypeName) : null;
        var fallback = property.GetCustomAttribute<DefaultValueAttribute>() ?? parameter?.GetCustomAttribute<DefaultValueAttribute>();
        var literal = fallback is not null
            ? types.Literal(fallback.Literal, property)
            : parameter is { HasDefaultValue: true } ? types.Literal(parameter.DefaultValue, property.PropertyType) : null;
        var optional = literal is null && parameter is { HasDefaultValue: true };
        var type = types.InputOf(property, id is not null);
        var definition = new InputValueDefinition(name, oneOf || optional ? type.Nullable : type)
        {
            Description = types.DescriptionOf(property),
            DeprecationReason = property.GetCustomAttribute<GraphQLDeprecatedAttribute>()?.Reason,
            DefaultValue = literal,
            AppliedDirectives = property.GetCustomAttribute<CostAttribute>() is { } cost ? [CostDirectives.Cost(cost.Weight)] : [],
            Tag = property,
        };
        var target = ClrTypes.OptionalType(property.PropertyType) ?? property.PropertyType;
        var convert = InputConverter.For(target, id is null ? null : types.NodeIds, id?.TypeName);
        return new Member(name, parameter, property, property.PropertyType, definition)
        {
            Convert = ClrTypes.OptionalType(property.PropertyType) is null ? convert : Wrap(property.PropertyType, convert),
        };
    }

    private static Func<object?, object?> Wrap(Type optional, Func<object?, object?> convert) => value => Activator.CreateInstance(optional, convert(value));

    private static ConstructorInfo? Constructor(Type type) =>
        type.GetConstructors().Where(c => !(c.GetParameters() is [var p] && p.ParameterType == type)).OrderByDescending(c => c.GetParameters().Length)
            .FirstOrDefault();

    private static object Bind(Type type, List<Member> members, InputObject input)
    {
        var constructor = Constructor(type);
        var parameters = constructor?.GetParameters() ?? [];
        var arguments = new object?[parameters.Length];
        for (var i = 0; i < arguments.Length; i++)
        {
            var member = members.Find(m => m.Parameter?.Position == i);
            arguments[i] = member is not null && input.Fields.TryGetValue(member.Name, out var given) ? member.Convert(given)
                : parameters[i].HasDefaultValue
                    ? parameters[i].DefaultValue ?? InputConverter.Default(parameters[i].ParameterType)
                    : InputConverter.Default(parameters[i].ParameterType);
        }

        object made;
        try
        {
            made = constructor is null ? Activator.CreateInstance(type)! : constructor.Invoke(arguments);
            foreach (var member in members)
                if (member.Parameter is null && input.Fields.TryGetValue(member.Name, out var given))
                    member.Property!.SetValue(made, member.Convert(given));
        }
        catch (TargetInvocationException e) when (e.InnerException is GraphQLException or FormatException)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(e.InnerException);
            throw;
        }

        return made;
    }
}
