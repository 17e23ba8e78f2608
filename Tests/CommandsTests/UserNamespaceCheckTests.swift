import ContainerEngine
import Model
import Testing

@testable import Commands

@Suite("What doctor foretells of user namespaces")
struct UserNamespaceCheckTests {
    private static let crun = NamespaceOutlook.Runtime(name: "crun", version: "1.8.1")
    private static let runc = NamespaceOutlook.Runtime(name: "runc", version: "1.1.5")

    private static func plan(_ users: String...) -> ResolvedPlan {
        var own = ContainerPlan(image: .build(BuildContext(path: "a", contentDigest: "")))
        let plain = own
        own.userns = .private
        let containers = Dictionary(uniqueKeysWithValues: users.map { ($0, own) })
        return ResolvedPlan(
            stack: "acme", version: "1", host: "vsn1",
            containers: containers.merging(["plain": plain]) { old, _ in old })
    }

    private static func check(
        _ runtime: NamespaceOutlook.Runtime, _ kernel: NamespaceOutlook.Kernel, required: Bool = false,
        _ deployed: ResolvedPlan? = nil
    ) -> HostCheck {
        var policy = VSNPolicy()
        policy.userns = required ? .required : .allowed
        let outlook = NamespaceOutlook(runtime: runtime, kernel: kernel)
        return UserNamespaceCheck(policy: policy, users: UserNamespaceCheck.users(of: deployed), outlook: outlook).check
    }

    @Test("where they work it says with what, and who asked for them")
    func possible() {
        for (required, plan, words) in [
            (false, nil, "not asked for, and possible here with crun 1.8.1"),
            (false, Self.plan("web", "database"), "asked for by database, web, and possible here with crun 1.8.1"),
            (true, Self.plan("web"), "required by 'policy.userns', and possible here with crun 1.8.1"),
        ] as [(Bool, ResolvedPlan?, String)] {
            #expect(Self.check(Self.crun, .works, required: required, plan) == .ok("user namespaces", words))
        }
        let newer = NamespaceOutlook.Runtime(name: "runc", version: "1.2.0-rc.1")
        #expect(Self.check(newer, .works).status == .ok)
    }

    @Test("what keeps them from working fails where somebody asks for them, and is only told where nobody does")
    func impossible() {
        for (runtime, kernel, words) in [
            (Self.runc, .works, "the runtime 'runc' 1.1.5 ignores who owns the files"),
            (Self.crun, .none("their number is at its limit"), "the kernel gives no user namespace"),
            (Self.crun, .unmapped("/srv/fairlead", "Invalid argument"), "owners of files in '/srv/fairlead'"),
        ] as [(NamespaceOutlook.Runtime, NamespaceOutlook.Kernel, String)] {
            let asked = [Self.check(runtime, kernel, required: true), Self.check(runtime, kernel, Self.plan("web"))]
            for check in asked {
                #expect(check.status == .fail && check.found.contains(words) && check.advice.count == 1, "\(check)")
            }
            let told = Self.check(runtime, kernel, Self.plan())
            #expect(told.status == .ok && told.found.hasPrefix("not asked for; not possible here: "), "\(told)")
        }
    }

    @Test("without an engine, or without root, it says nothing")
    func unknown() {
        #expect(Self.check(Self.crun, .lacksRights).status == .skipped)
        let check = UserNamespaceCheck(policy: VSNPolicy(), users: [], outlook: nil).check
        #expect(check.status == .skipped)
    }
}
