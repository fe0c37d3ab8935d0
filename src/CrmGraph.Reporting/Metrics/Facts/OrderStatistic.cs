using System.Numerics;

namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>The k-th of many numbers without sorting them all: quickselect (Hoare, 1961), with the median of three as pivot.</summary>
internal static class OrderStatistic
{
    /// <summary>As many are sorted.</summary>
    private const int Few = 64;

    /// <param name="numbers">They are moved about.</param>
    /// <param name="place">From 0, the least.</param>
    public static T Select<T>(Span<T> numbers, int place) where T : struct, INumber<T>
    {
        // Whatever the order they come in, twice the depth of a balanced search is enough or the rest is sorted.
        for (var left = 2 * int.Log2(numbers.Length + 1); numbers.Length > Few && left > 0; left--)
        {
            var (below, above) = Part(numbers);
            if (place < below)
            {
                numbers = numbers[..below];
            }
            else if (place < above)
            {
                return numbers[place];
            }
            else
            {
                numbers = numbers[above..];
                place -= above;
            }
        }

        numbers.Sort();
        return numbers[place];
    }

    /// <summary>Puts what is less than a pivot first, and what is greater last; the pivots stand between.</summary>
    private static (int Below, int Above) Part<T>(Span<T> numbers) where T : struct, INumber<T>
    {
        var pivot = Middle(numbers[0], numbers[numbers.Length / 2], numbers[^1]);
        var (below, above) = (0, numbers.Length);
        for (var i = 0; i < above;)
            if (numbers[i] < pivot)
            {
                (numbers[i], numbers[below]) = (numbers[below], numbers[i]);
                below++;
                i++;
            }
            else if (numbers[i] > pivot)
            {
                above--;
                (numbers[i], numbers[above]) = (numbers[above], numbers[i]);
            }
            else
            {
                i++;
            }

        return (below, above);
    }

    private static T Middle<T>(T a, T b, T c) where T : struct, INumber<T> => T.Max(T.Min(a, b), T.Min(T.Max(a, b), c));
}
