using System.Linq.Expressions;
using System.Reflection;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Annotations;

/// <summary>Calls a method: <paramref name="source"/> is the parent, the list of all parents (batch), the event, or the list of raw ids.</summary>
internal delegate ValueTask<object?> Invocation(ResolverContext context, object? source);

/// <param name="UsesServices">A parameter is a service, or one by which services can be had.</param>
internal sealed record CompiledMethod(Invocation Invoke, Type ResultType, bool IsBatch, bool UsesServices)
{
    public FieldResolver ToResolver() => IsBatch ? Batches.Resolver(Invoke, ResultType) : PerParent(Invoke);

    // Parents in turn: they share the services of the field's scope, which are rarely safe for two calls at once.
    private static FieldResolver PerParent(Invocation invoke) => async context =>
    {
        var parents = context.Parents;
        if (parents.Count == 1)
            return [await invoke(context, parents[0])];
        var values = new object?[parents.Count];
        for (var i = 0; i < values.Length; i++)
        {
            try
            {
                values[i] = await invoke(context, parents[i]);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                values[i] = e;
            }
        }

        return values;
    };
}

/// <summary>Compiles annotated methods: which parameter is what is decided once.</summary>
internal sealed class ResolverCompiler(TypeRegistry types)
{
    private static readonly ParameterExpression Context = Expression.Parameter(typeof(ResolverContext), "context");
    private static readonly ParameterExpression Source = Expression.Parameter(typeof(object), "source");

    /// <param name="parent">The CLR type of the parents; null for roots.</param>
    /// <param name="arguments">Gets the definitions of the arguments that the method takes.</param>
    /// <param name="inputArgument">When given, arguments are read from the fields of this input argument.</param>
    public CompiledMethod Compile(MethodInfo method, Type? parent, List<InputValueDefinition> arguments, string? inputArgument)
    {
        if (!method.IsStatic)
            throw new InvalidOperationException("a field's method must be static.");
        var isBatch = method.IsDefined(typeof(BatchResolverAttribute));
        var argumentMap = inputArgument is null
            ? (Expression)Expression.Property(Context, nameof(ResolverContext.Arguments))
            : Expression.Call(typeof(ParameterValues), nameof(ParameterValues.InputFields), null, Context, Expression.Constant(inputArgument));
        var values = method.GetParameters().Select(p => Parameter(p, parent, isBatch, arguments, argumentMap)).ToArray();
        var returned = ClrTypes.AwaitedType(method.ReturnType);
        var result = returned ?? method.ReturnType;
        if (result == typeof(void))
            throw new InvalidOperationException("a field's method must return a value.");
        return new CompiledMethod(
            Call(method, values, returned),
            isBatch ? ClrTypes.Element(result) ?? throw new InvalidOperationException("a [BatchResolver] must return a list.") : result,
            isBatch,
            method.GetParameters().Any(p => UsesServices(p, parent, isBatch)));
    }

    private bool UsesServices(ParameterInfo p, Type? parent, bool isBatch)
    {
        if (p.IsDefined(typeof(ServiceAttribute)) || p.ParameterType == typeof(ResolverContext) || p.ParameterType == typeof(IServiceProvider))
            return true;
        var isService = !p.IsDefined(typeof(ParentAttribute)) && !p.IsDefined(typeof(EventMessageAttribute)) && !p.IsDefined(typeof(GlobalStateAttribute))
            && !IsArgument(p);
        return isService && (parent is null || isBatch || p.ParameterType != parent)
            && p.ParameterType != typeof(CancellationToken) && p.ParameterType != typeof(RequestState) && p.ParameterType != typeof(Schema);
    }

    private bool IsArgument(ParameterInfo p) =>
        ClrTypes.IsArgument(p.ParameterType) || types.Parts.ScalarBindings.ContainsKey(Nullable.GetUnderlyingType(p.ParameterType) ?? p.ParameterType)
        || p.IsDefined(typeof(IDAttribute)) || p.IsDefined(typeof(GraphQLTypeAttribute));

    /// <summary>Arguments only, for a stream-opening method whose arguments join those of its field.</summary>
    public static Invocation Call(MethodInfo method, Expression[] values, Type? awaited)
    {
        Expression call = Expression.Call(method, values);
        if (awaited is null)
            call = Expression.New(typeof(ValueTask<object?>).GetConstructor([typeof(object)])!, Expression.Convert(call, typeof(object)));
        else
            call = Expression.Call(typeof(ParameterValues), nameof(ParameterValues.Await), [awaited], call);
        return Expression.Lambda<Invocation>(call, Context, Source).Compile();
    }

    /// <summary>The source as a typed list.</summary>
    public static Expression SourceList(Type listType, Type element) =>
        Expression.Convert(Expression.Call(typeof(Batches), nameof(Batches.Typed), [element], Source, Expression.Constant(listType)), listType);

    /// <summary>A parameter that is no argument: state, service, cancellation or context.</summary>
    public static Expression ServiceParameter(ParameterInfo p)
    {
        var type = p.ParameterType;
        if (type == typeof(CancellationToken))
            return Expression.Property(Context, nameof(ResolverContext.CancellationToken));
        if (type == typeof(ResolverContext))
            return Context;
        if (type == typeof(RequestState))
            return Expression.Property(Context, nameof(ResolverContext.State));
        if (type == typeof(IServiceProvider))
            return Expression.Property(Context, nameof(ResolverContext.Services));
        if (type == typeof(Schema))
            return Expression.Property(Context, nameof(ResolverContext.Schema));
        if (p.IsDefined(typeof(GlobalStateAttribute)))
            return Expression.Call(typeof(ParameterValues), nameof(ParameterValues.State), [type], Context);
        if (p.IsDefined(typeof(ServiceAttribute)))
            return Expression.Call(typeof(ParameterValues), nameof(ParameterValues.Service), [type], Context);
        if (type.IsValueType || type == typeof(string))
            throw new InvalidOperationException($"the parameter {p.Name} of type {type.Name} is neither an argument nor a service.");
        return Expression.Call(typeof(ParameterValues), nameof(ParameterValues.StateOrService), [type], Context);
    }

    private Expression Parameter(ParameterInfo p, Type? parent, bool isBatch, List<InputValueDefinition> arguments, Expression argumentMap)
    {
        var type = p.ParameterType;
        if (p.IsDefined(typeof(ParentAttribute)) || (parent is not null && !isBatch && type == parent))
            return ParentValue(type, isBatch);
        if (p.IsDefined(typeof(EventMessageAttribute)))
            return Expression.Convert(Source, type);
        if (p.IsDefined(typeof(GlobalStateAttribute)) || p.IsDefined(typeof(ServiceAttribute)))
            return ServiceParameter(p);
        if (IsArgument(p))
            return Argument(p, arguments, argumentMap);
        return ServiceParameter(p);
    }

    private static Expression ParentValue(Type type, bool isBatch)
    {
        if (!isBatch)
            return Expression.Convert(Source, type);
        var element = ClrTypes.Element(type) ?? throw new InvalidOperationException("in a [BatchResolver] the [Parent] parameter is a list of parents.");
        return SourceList(type, element);
    }

    private Expression Argument(ParameterInfo p, List<InputValueDefinition> arguments, Expression argumentMap)
    {
        var name = Naming.Argument(p);
        var optional = ClrTypes.OptionalType(p.ParameterType);
        var id = p.GetCustomAttribute<IDAttribute>();
        if (arguments.All(a => a.Name != name))
            arguments.Add(Definition(p, name, id));
        var target = optional ?? p.ParameterType;
        var convert = Expression.Constant(InputConverter.For(target, id is null ? null : types.NodeIds, id?.TypeName));
        var fallback = p.HasDefaultValue && p.DefaultValue is { } value
            ? Expression.Constant(
                target.IsEnum ? Enum.ToObject(target, value) : value,
                value.GetType() == target ? target : Nullable.GetUnderlyingType(target) is { } u && !u.IsEnum ? u : value.GetType())
            : (Expression)Expression.Default(target);
        return optional is not null
            ? Expression.Call(typeof(ParameterValues), nameof(ParameterValues.OptionalArgument), [optional], argumentMap, Expression.Constant(name), convert)
            : Expression.Call(
                typeof(ParameterValues),
                nameof(ParameterValues.Argument),
                [target],
                argumentMap,
                Expression.Constant(name),
                convert,
                Expression.Convert(fallback, target));
    }

    private InputValueDefinition Definition(ParameterInfo p, string name, IDAttribute? id)
    {
        var literal = p.GetCustomAttribute<DefaultValueAttribute>() is { } given ? types.Literal(given.Literal, p.Member)
            : p.HasDefaultValue ? types.Literal(p.DefaultValue, p.ParameterType) : null;
        var type = types.InputOf(p, id is not null);
        return new InputValueDefinition(name, p.HasDefaultValue && literal is null ? type.Nullable : type)
        {
            Description = types.DescriptionOf(p),
            DeprecationReason = p.GetCustomAttribute<GraphQLDeprecatedAttribute>()?.Reason,
            DefaultValue = literal,
            AppliedDirectives = p.GetCustomAttribute<CostAttribute>() is { } cost ? [CostDirectives.Cost(cost.Weight)] : [],
            Tag = p,
        };
    }
}
