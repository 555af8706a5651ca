package rules

// packChecks look at an edition as a whole, after all of it has been read. Each
// reports one kind of mistake; to add one, write a function and list it here.
var packChecks = []func(*packReader){
	checkEditionDate,
	checkPoints,
	checkWeights,
	checkScales,
	checkBands,
	checkCited,
	checkZeroPolicies,
	checkFormulaScales,
	checkStrictBounds,
	checkDeadConditions,
	checkDeadLines,
	checkDeadBands,
	checkAlwaysSame,
	checkCounts,
	checkStraddling,
	checkCycles,
	checkAssumptions,
	checkOpenAssumptions,
	checkQuotes,
	checkTested,
	checkMergedPeriods,
}
