namespace CrmGraph.Reporting.Analyses.Numerics;

/// <summary>A direction in which rows differ.</summary>
/// <param name="Variance">Of the rows along it: an eigenvalue of the correlations.</param>
/// <param name="Loadings">Of each feature; their squares add up to 1, and the greatest is positive.</param>
internal sealed record PrincipalComponent(double Variance, double Share, double[] Loadings)
{
    /// <summary>Of standardised rows, the one along which they differ most first.</summary>
    public static IReadOnlyList<PrincipalComponent> Of(Standardised data)
    {
        var matrix = data.Matrix();
        var correlations = matrix.TransposeThisAndMultiply(matrix) / (matrix.RowCount - 1);
        var parts = correlations.Evd(MathNet.Numerics.LinearAlgebra.Symmetricity.Symmetric);
        return
        [
            .. Enumerable.Range(0, correlations.RowCount).OrderByDescending(i => parts.EigenValues[i].Real).Select(i =>
            {
                var loadings = parts.EigenVectors.Column(i).ToArray();
                var sign = Math.Sign(loadings.MaxBy(Math.Abs));
                var variance = Math.Max(0, parts.EigenValues[i].Real);
                return new PrincipalComponent(variance, variance / correlations.RowCount, Array.ConvertAll(loadings, l => l * sign));
            }),
        ];
    }
}
