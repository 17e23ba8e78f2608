internal import Model

/// Words for the plan's `backup` section.
enum BackupWords {
    static func changes(from old: BackupPlan?, to new: BackupPlan?) -> [FieldChange] {
        switch (old, new) {
        case (let before?, let after?): fields(from: before, to: after)
        case (nil, _): [.added("backup")]
        case (_, nil): [.removed("backup")]
        }
    }

    private static func fields(from old: BackupPlan, to new: BackupPlan) -> [FieldChange] {
        var changes: [FieldChange] = []
        if old.schedule != new.schedule { changes.append(.changed("backup schedule", old.schedule, new.schedule)) }
        if old.drill != new.drill {
            changes.append(.changed("backup drill", old.drill ?? "never", new.drill ?? "never"))
        }
        changes += KeyedComparison.changes("backup recipient", from: old.recipients, to: new.recipients)
        changes += KeyedComparison.changes("backup signer", from: old.signers, to: new.signers)
        changes += KeyedComparison.changes("backup target", from: old.targets, to: new.targets) { name, _, _ in
            [.altered("backup target '\(name)'")]
        }
        if old.restore != new.restore { changes.append(.changed("restore", old.restore.words, new.restore.words)) }
        if old.shrinkAlert != new.shrinkAlert {
            let words = { (percent: Int?) in percent == 0 ? "never" : "below \(percent ?? ShrinkRule.standard) %" }
            changes.append(.changed("backup alert of shrinking", words(old.shrinkAlert), words(new.shrinkAlert)))
        }
        if old.beforeDeploy != new.beforeDeploy {
            changes.append(.changed("copies before a deployment", old.snapshotWords, new.snapshotWords))
        }
        if old.vendor != new.vendor { changes.append(.altered("vendor's storage")) }
        return changes
    }
}

extension BackupPlan {
    fileprivate var snapshotWords: String {
        let keep = (beforeDeploy ?? .standard).keep
        return keep == 0 ? "none" : "\(keep) kept"
    }
}

extension RestorePolicy {
    /// As it is written in a plan.
    var words: String {
        switch self {
        case .newest: "newest"
        case .required: "required"
        case .never: "never"
        case .run(let id): id
        }
    }
}
