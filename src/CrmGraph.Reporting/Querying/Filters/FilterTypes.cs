using System.Linq.Expressions;
using System.Reflection;
using CrmGraph.Data.Model;
using CrmGraph.Data.Statements;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Querying.Calendar;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Querying.Filters;

/// <summary>Marks the input type of a row's filter.</summary>
internal sealed record FilterRow(Type ClrType);

/// <summary>
/// Makes the input types of filters from CLR types: what the graph shows can be filtered, what is hidden cannot, unless it is marked
/// <see cref="FilterableAttribute"/>.
/// </summary>
public sealed class FilterTypes(ITypeRegistry registry)
{
    private const string AllOf = "All of these conditions must hold.", OneOf = "At least one of these conditions must hold.";

    public ITypeRegistry Registry { get; } = registry;

    /// <summary><c>CustomerFilterInput</c> for <c>Customer</c>.</summary>
    public InputObjectType Row(Type clrType)
    {
        var name = Registry.NameOf(clrType) + "FilterInput";
        return Registry.GetOrAdd(name, () => new InputObjectType(name, () => RowFields(clrType))
        {
            Description = $"Conditions on {Words.One(Registry.NameOf(clrType))}. Multiple fields are combined with AND.",
            Tag = new FilterRow(clrType),
        });
    }

    public InputObjectType Text => Operand(FilterKind.Text, "StringOperationFilterInput", Registry.Scalar("String"));
    public InputObjectType Boolean => Operand(FilterKind.Boolean, "BooleanOperationFilterInput", Registry.Scalar("Boolean"));
    public InputObjectType Int => Operand(FilterKind.Number, "IntOperationFilterInput", Registry.Scalar("Int"));
    public InputObjectType Long => Operand(FilterKind.Number, "LongOperationFilterInput", Registry.Scalar("Long"));
    public InputObjectType Decimal => Operand(FilterKind.Decimal, "DecimalOperationFilterInput", Registry.Scalar("Decimal"));
    public InputObjectType Day => Operand(FilterKind.Day, "LocalDateOperationFilterInput", Registry.Scalar("LocalDate"));
    public InputObjectType Instant => Operand(FilterKind.Instant, "DateTimeOperationFilterInput", Registry.Scalar("DateTime"));
    public InputObjectType Id => Operand(FilterKind.Id, "IdOperationFilterInput", Registry.Scalar("ID"));

    public InputObjectType Enum(Type enumType) =>
        Operand(FilterKind.Enum, Registry.NameOf(enumType) + "OperationFilterInput", Registry.Input(enumType));

    /// <summary>Conditions on a list of related rows.</summary>
    public InputObjectType ListOfRows(Type element)
    {
        var row = Row(element);
        return Lists("ListFilterInputTypeOf" + row.Name, $"objects of the type `{Registry.NameOf(element)}`", () => row);
    }

    public InputObjectType ListOfTexts => Lists("ListStringOperationFilterInput", "texts", () => Text);

    /// <summary>A field whose value is a function of the row: <c>orderCount</c> of a customer.</summary>
    public static OperandFilterField Value<TRow, TValue>(
        string name, FilterKind kind, Func<InputObjectType> type, Func<FilterContext, Expression<Func<TRow, TValue>>> value, int digits = 0,
        double cost = QueryCosts.Compare) =>
        new(name, kind, type, (row, context) => new(kind, Lambdas.Inline(value(context), row), context) { Digits = digits }, cost);

    /// <summary>A field about a list of rows that is a function of the row.</summary>
    public FilterField Rows<TRow, TElement>(string name, Expression<Func<TRow, IEnumerable<TElement>>> list) =>
        new ListFilterField(name, row => Lambdas.Inline(list, row), typeof(TElement), () => ListOfRows(typeof(TElement)));

    private List<InputValueDefinition> RowFields(Type clrType)
    {
        var self = Row(clrType);
        var list = new ListType(new NonNullType(self));
        List<FilterField> fields =
        [
            new LogicalFilterField("and", () => list).With(AllOf),
            new LogicalFilterField("or", () => list).With(OneOf),
            new LogicalFilterField("not", () => self).With("The conditions must not hold."),
        ];
        foreach (var property in clrType.GetProperties(BindingFlags.Public | BindingFlags.Instance))
            if (Field(property) is { } field)
                fields.Add(field);
        fields.AddRange(Extensions(clrType));
        return fields.ConvertAll(f => new InputValueDefinition(f.Name, f.Type)
        {
            Description = f.Description,
            DeprecationReason = f.DeprecationReason,
            Tag = f,
            AppliedDirectives = QueryCosts.Weighs(f.Cost),
            InnerTimes = f.RowsEach
        });
    }

    private FilterField? Field(PropertyInfo property)
    {
        var declared = property.IsDefined(typeof(FilterableAttribute));
        if (property.IsDefined(typeof(GraphQLIgnoreAttribute)) && !declared)
            return null;
        var name = Registry.NameOf(property);
        var description = Registry.DescriptionOf(property);
        if (property.PropertyType == typeof(List<string>))
            return new ListFilterField(name, row => Expression.Property(row, property), typeof(string), () => ListOfTexts).With(description);
        if (ElementOf(property.PropertyType) is { } element)
            return declared ? new ListFilterField(name, row => Expression.Property(row, property), element, () => ListOfRows(element)).With(description) : null;
        if (KindOf(property) is not { } kind)
            return declared ? new RelatedFilterField(name, property, () => Row(property.PropertyType)).With(description) : null;
        if (property.IsDefined(typeof(MergedIdAttribute)))
            return new MergedIdFilterField(name, () => Id, Subject(kind, property), IdDecoder(property)).With(description);
        return new OperandFilterField(name, kind, () => TypeOf(kind, property), Subject(kind, property)).With(description);
    }

    /// <summary>Makes the subject for a row. What the property's annotations say is read here, once.</summary>
    private Func<Expression, FilterContext, FilterSubject> Subject(FilterKind kind, PropertyInfo property)
    {
        if (kind == FilterKind.Text)
        {
            var folded = property.GetCustomAttribute<FoldedAttribute>();
            return (row, context) => FilterSubject.OfText(
                Expression.Property(row, property),
                folded is null ? null : FoldedColumn(row, property),
                context,
                folded is { IsSelective: true });
        }

        var digits = property.GetCustomAttribute<FixedPointAttribute>()?.Digits ?? 0;
        Func<object, object> decode = kind == FilterKind.Id ? IdDecoder(property) : id => id;
        return (row, context) => new(kind, Expression.Property(row, property), context) { Digits = digits, DecodeId = decode };
    }

    /// <summary>The shadow column of a folded text; null for other texts.</summary>
    internal static Expression? FoldedColumn(Expression row, PropertyInfo property) => property.IsDefined(typeof(FoldedAttribute))
        ? Expression.Call(typeof(EF), nameof(EF.Property), [typeof(string)], row, Expression.Constant(FoldedText.ShadowProperty(property.Name)))
        : null;

    private Func<object, object> IdDecoder(PropertyInfo property)
    {
        var typeName = property.GetCustomAttribute<IDAttribute>()!.TypeName ?? Registry.NameOf(property.DeclaringType!);
        var isFact = property.Name == nameof(ICustomerFact.Id) && typeof(ICustomerFact).IsAssignableFrom(property.DeclaringType);
        return isFact
            ? id => Registry.NodeIds.Parse<FactId>((string)id, typeName).Id
            : id => Registry.NodeIds.Parse<Guid>((string)id, typeName);
    }

    private InputObjectType TypeOf(FilterKind kind, PropertyInfo property)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        return kind switch
        {
            FilterKind.Text => Text,
            FilterKind.Boolean => Boolean,
            FilterKind.Decimal => Decimal,
            FilterKind.Day => Day,
            FilterKind.Instant => Instant,
            FilterKind.Id => Id,
            FilterKind.Enum => Enum(type),
            _ => type == typeof(int) ? Int : Long,
        };
    }

    internal static FilterKind? KindOf(PropertyInfo property)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        if (property.IsDefined(typeof(IDAttribute)))
            return FilterKind.Id;
        if (property.IsDefined(typeof(FixedPointAttribute)))
            return FilterKind.Decimal;
        return type == typeof(string) ? FilterKind.Text
            : type == typeof(bool) ? FilterKind.Boolean
            : type == typeof(int) || type == typeof(long) ? FilterKind.Number
            : type == typeof(DateOnly) ? FilterKind.Day
            : type == typeof(DateTime) ? FilterKind.Instant
            : type.IsEnum ? FilterKind.Enum
            : null;
    }

    internal static Type? ElementOf(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(List<>) ? type.GetGenericArguments()[0] : null;

    private IEnumerable<FilterField> Extensions(Type clrType)
    {
        var attribute = typeof(FilterFieldsAttribute<>).MakeGenericType(clrType);
        return typeof(FilterTypes).Assembly.GetTypes()
            .Where(t => t.IsDefined(attribute))
            .OrderBy(t => t.FullName, StringComparer.Ordinal)
            .SelectMany(t => (IEnumerable<FilterField>)t.GetMethod("Fields", [typeof(FilterTypes)])!.Invoke(null, [this])!);
    }

    private InputObjectType Operand(FilterKind kind, string name, NamedType value) => Registry.GetOrAdd(name, () => new InputObjectType(name, () =>
    {
        List<InputValueDefinition> fields = [];
        if (kind == FilterKind.Text)
        {
            var list = new ListType(new NonNullType(Text));
            fields.Add(new("and", list) { Description = AllOf });
            fields.Add(new("or", list) { Description = OneOf });
        }

        foreach (var op in FilterOperators.Of(kind))
            fields.Add(new(op.Name, OperandType(op, kind, value)) { Description = op.Description, Tag = op, AppliedDirectives = QueryCosts.Weighs(op.Cost) });
        return fields;
    })
    {
        Description = $"Conditions on a value of the type `{value.Name}`. Multiple operators are combined with AND.",
    });

    private GraphQLType OperandType(FilterOperator op, FilterKind kind, NamedType value) => op.Shape switch
    {
        OperandShape.List => new ListType(kind == FilterKind.Enum ? new NonNullType(value) : value),
        OperandShape.Span => Registry.Input(typeof(RelativeSpanInput)),
        OperandShape.Unit => Registry.Input(typeof(CalendarUnit)),
        _ => value,
    };

    private InputObjectType Lists(string name, string of, Func<InputObjectType> item) => Registry.GetOrAdd<InputObjectType>(name, () => new(name, () =>
    [
        Quantifier("all", item(), "Every element meets the conditions. Also true for an empty list."),
        Quantifier("none", item(), "No element meets the conditions."),
        Quantifier("some", item(), "At least one element meets the conditions."),
        Quantifier("any", Registry.Scalar("Boolean"), "Whether the list has any element."),
    ])
    {
        Description = $"Conditions on a list of {of}. Multiple fields are combined with AND.",
    });

    private static InputValueDefinition Quantifier(string name, NamedType type, string description) => new(name, type)
    {
        Description = description,
        AppliedDirectives = QueryCosts.Weighs(QueryCosts.RelatedRows),
        InnerTimes = QueryCosts.RowsEach,
    };
}
