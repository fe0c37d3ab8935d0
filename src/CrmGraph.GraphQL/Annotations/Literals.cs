using System.Globalization;
using CrmGraph.GraphQL.Language;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Annotations;

/// <summary>Defaults as GraphQL literals.</summary>
internal static class Literals
{
    public static ValueNode Parse(string text) => Parser.ParseValue(text, isConst: true);

    /// <summary>The literal of a C# constant; null when it is null or has none.</summary>
    public static ValueNode? Of(object? value, Type type, Func<Type, IReadOnlyList<EnumValueDefinition>> enumValues)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return value switch
        {
            null or DBNull => null,
            bool b => new BooleanValueNode(b),
            string s => new StringValueNode(s),
            _ when type.IsEnum => enumValues(type).FirstOrDefault(v => Equals(v.Value, Enum.ToObject(type, value))) is { } v ? new EnumValueNode(v.Name) : null,
            double or float or decimal => new FloatValueNode(Convert.ToString(value, CultureInfo.InvariantCulture)!),
            sbyte or byte or short or ushort or int or uint or long => new IntValueNode(Convert.ToString(value, CultureInfo.InvariantCulture)!),
            _ => null,
        };
    }
}
