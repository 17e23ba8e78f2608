/// The reverse of the start order, as groups: a container stops after everything that depends on it has stopped.
///
/// Containers that no plan knows stop in the first group.
func stopOrder(of running: Set<String>, dependsOn: [String: [String]]) -> [[String]] {
    var left = running
    var groups: [[String]] = []
    while !left.isEmpty {
        let needed = Set(left.flatMap { dependsOn[$0] ?? [] })
        let free = left.subtracting(needed)
        // A cycle cannot come from a validated plan; stopping all of it beats never stopping.
        let group = free.isEmpty ? left : free
        groups.append(group.sorted())
        left.subtract(group)
    }
    return groups
}
