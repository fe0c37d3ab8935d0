using System.Reflection;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Annotations;

/// <summary>Subscription fields: a method that opens the stream and one that makes the value of an event.</summary>
internal sealed class SubscriptionFields(TypeRegistry types, ObjectFields fields)
{
    private readonly ResolverCompiler _compiler = new(types);

    public FieldDefinition? FromMethod(MethodInfo method) => fields.Try(method, () =>
    {
        var subscribe = method.GetCustomAttribute<SubscribeAttribute>()
            ?? throw new InvalidOperationException("a subscription field needs [Subscribe(With = ...)].");
        var opener = subscribe.With is { } name
            ? method.DeclaringType!.GetMethod(name, BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static)
            : null;
        if (opener is null)
            throw new InvalidOperationException("[Subscribe] must name, by With, a static method of the same class that returns IAsyncEnumerable<T>.");
        var arguments = new List<InputValueDefinition>();
        var open = _compiler.Compile(opener, null, arguments, null);
        var compiled = _compiler.Compile(method, null, arguments, null);
        var eventType = StreamElement(open.ResultType)
            ?? throw new InvalidOperationException($"{opener.Name} must return IAsyncEnumerable<T>, or a task of it.");
        var field = new FieldBuilder
        {
            Name = Naming.Field(method),
            Description = types.DescriptionOf(method),
            DeprecationReason = method.GetCustomAttribute<GraphQLDeprecatedAttribute>()?.Reason,
            Member = method,
            DeclaringClrType = method.DeclaringType!,
            ResultClrType = compiled.ResultType,
            OwnType = () => types.OutputOf(method.ReturnParameter, compiled.ResultType, false, method.IsDefined(typeof(IDAttribute))),
            Resolver = compiled.ToResolver(),
            Reads = compiled.UsesServices ? 1 : 0,
            Subscribe = Opener(open.Invoke, eventType),
        };
        field.Arguments.AddRange(arguments);
        return fields.Finish(field);
    });

    private static Type? StreamElement(Type type) => type.GetInterfaces().Prepend(type)
        .FirstOrDefault(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>))?.GetGenericArguments()[0];

    private static SubscribeResolver Opener(Invocation open, Type eventType)
    {
        var untyped = typeof(SubscriptionFields).GetMethod(nameof(Untyped), BindingFlags.Static | BindingFlags.NonPublic)!
            .MakeGenericMethod(eventType).CreateDelegate<Func<object, IAsyncEnumerable<object?>>>();
        return async context => untyped(await open(context, null)
            ?? throw new InvalidOperationException($"{context.Field.Name} opened no stream."));
    }

    private static IAsyncEnumerable<object?> Untyped<T>(object stream) => stream as IAsyncEnumerable<object?> ?? Box((IAsyncEnumerable<T>)stream);

    private static async IAsyncEnumerable<object?> Box<T>(
        IAsyncEnumerable<T> stream,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var item in stream.WithCancellation(cancellationToken))
            yield return item;
    }
}
