// SPDX-License-Identifier: Apache-2.0

//go:build !go1.27

package main

import "errors"

func newSubtreeCheck(string, []byte) (func(uint64, []byte, []byte) bool, error) {
	return nil, errors.New("this Go has no ML-DSA")
}
