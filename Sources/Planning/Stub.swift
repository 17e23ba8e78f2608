public struct VSNPolicy: Sendable, Codable, Hashable {
    public init() {}
    public func problems(of plan: ResolvedPlan, deployed: ResolvedPlan?) -> [PlanProblem] { [] }
}
public struct Resolution: Sendable {
    public var plan: ResolvedPlan
    public var warnings: [PlanProblem]
    public var secretReferences: [String]
}
public struct PlanResolver {
    public init(tree: any SourceTree, policy: VSNPolicy?) {}
    public func resolve(host: String) throws(PlanProblems) -> Resolution { throw PlanProblems([]) }
}
public enum PlanComparison {
    public static func changes(from: DesiredState?, to: DesiredState) -> [PlanChange] { [] }
    public static func onlyHotfixes(from: DesiredState, to: DesiredState) -> Set<String>? { nil }
}
