using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.CompilerServices;
using CrmGraph.GraphQL.Execution.Columns;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Annotations;

/// <summary>Readers of properties: an open delegate on the getter, so that nothing is compiled for them at start.</summary>
internal static class PropertyReaders
{
    public static FieldReader Make(PropertyInfo property, Type type)
    {
        var getter = property.GetMethod!;
        // The compiler marks the getters of automatic properties; a call to any other may throw.
        var isPure = getter.IsDefined(typeof(CompilerGeneratedAttribute), false);
        if (type.IsValueType)
            return (FieldReader)Activator.CreateInstance(typeof(StructReader<>).MakeGenericType(property.PropertyType), Compile(property, type), isPure)!;
        var declaring = getter.DeclaringType!;
        var read = getter.CreateDelegate(typeof(Func<,>).MakeGenericType(declaring, property.PropertyType));
        return (FieldReader)Activator.CreateInstance(
            typeof(PropertyReader<,>).MakeGenericType(declaring, property.PropertyType),
            read,
            isPure,
            isPure && property.CanWrite ? property.Name : null)!;
    }

    public static FieldResolver Resolver(FieldReader reader) => context =>
    {
        var parents = context.Parents;
        var values = new object?[parents.Count];
        for (var i = 0; i < values.Length; i++)
        {
            try
            {
                values[i] = reader.Read(parents[i]!);
            }
            catch (Exception e)
            {
                values[i] = e;
            }
        }

        return new(values);
    };

    private static Delegate Compile(PropertyInfo property, Type type)
    {
        var parent = Expression.Parameter(typeof(object));
        return Expression.Lambda(Expression.Property(Expression.Unbox(parent, type), property), parent).Compile();
    }

    private sealed class StructReader<TValue>(Func<object, TValue> read, bool isPure) : FieldReader<TValue>
    {
        public override bool IsPure => isPure;
        public override TValue ReadValue(object parent) => read(parent);
    }
}
