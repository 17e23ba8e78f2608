/// Runs `work` on every element, at most `limit` at once, and returns the results in the order of the elements.
/// The first error cancels the rest and is thrown.
func inParallel<Element: Sendable, Result: Sendable>(
    _ elements: [Element], limit: Int, _ work: @escaping @Sendable (Element) async throws -> Result
) async throws -> [Result] {
    try await withThrowingTaskGroup(of: (Int, Result).self) { group in
        var results: [Int: Result] = [:]
        var next = 0
        while results.count < elements.count {
            while next < elements.count, next - results.count < max(1, limit) {
                let (index, element) = (next, elements[next])
                group.addTask { (index, try await work(element)) }
                next += 1
            }
            guard let (index, result) = try await group.next() else { break }
            results[index] = result
        }
        return elements.indices.compactMap { results[$0] }
    }
}

/// Runs `work` on every element, at most `limit` at once, and throws the error of the first element that failed. An error cancels
/// nothing: what cleans up behind itself gets to do so.
func inParallelToTheEnd<Element: Sendable>(
    _ elements: [Element], limit: Int, _ work: @escaping @Sendable (Element) async throws -> Void
) async throws {
    let errors: [(any Error)?] = try await inParallel(elements, limit: limit) { element in
        do {
            try await work(element)
            return nil
        } catch {
            return error
        }
    }
    if let error = errors.compactMap(\.self).first { throw error }
}
